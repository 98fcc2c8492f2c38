import { realpath } from 'node:fs/promises'
import { basename, isAbsolute, relative, resolve, sep } from 'node:path'
import { AppError } from '../../domain/errors.ts'
import type { LocatedFile } from '../../domain/ingestor.ts'
import { displayName } from '../../ingestion/input-file.ts'
import { isDatabaseFile } from '../../storage/sqlite/files/database-files.ts'

/**
 * Finds a file for a client of the API: relative to the data directory, or absolute inside it. Rejects symbolic links
 * below the data directory, because a client that can write there could otherwise have any file of the machine read.
 * Rejects paths with `..`, wherever they lead.
 *
 * @throws AppError FILE_OUTSIDE_DATA_DIRECTORY, FILE_NOT_FOUND, NOT_A_REGULAR_FILE
 */
export async function locateInside(dataDirectory: string, file: string): Promise<LocatedFile> {
  if (file.includes('\0')) throw new AppError('FILE_NOT_FOUND', 'The file name contains a null byte. Check the name.')
  const root = await realpath(dataDirectory).catch(() => {
    throw new AppError('FILE_NOT_FOUND', `There is no file ${displayName(file)}: the data directory does not exist.`)
  })
  const named = resolve(root, file)
  // An absolute path may name the data directory as the configuration does. A path outside of it is not looked up: the
  // error must not reveal whether the file exists.
  const below = pathBelow(root, named) ?? pathBelow(resolve(dataDirectory), named)
  if (below === undefined) throw outside(file)
  if (file.split(sep).includes('..')) {
    const message = `${displayName(file)} goes up by "..". Name the file by a path that only goes down.`
    throw new AppError('FILE_OUTSIDE_DATA_DIRECTORY', message)
  }
  if (file === '' || file.endsWith('/')) {
    throw new AppError('NOT_A_REGULAR_FILE', `"${displayName(file)}" is not a regular file. Name a Parquet file.`)
  }
  const path = resolve(root, below)
  const real = await requireReal(path, file)
  if (pathBelow(root, real) === undefined) throw outside(file)
  if (real !== path) {
    throw new AppError(
      'NOT_A_REGULAR_FILE',
      `${displayName(file)} is reached by a symbolic link. Name the file itself.`,
    )
  }
  return { path, fileName: below.split(sep).join('/') }
}

/**
 * Finds a file for the operator: any file that the operating system lets them read, through symbolic links too.
 *
 * @throws AppError FILE_NOT_FOUND
 */
export async function locateAnywhere(dataDirectory: string, file: string): Promise<LocatedFile> {
  const path = await requireReal(file, file)
  const root = await realpath(dataDirectory).catch(() => resolve(dataDirectory))
  return { path, fileName: pathBelow(root, path)?.split(sep).join('/') ?? basename(path) }
}

/**
 * Returns the located file, unless it belongs to the database. A process that has the database open must not even open
 * such a file: closing it would release the process's SQLite locks, including the one that keeps a second server out.
 *
 * @param file as the client wrote it
 * @throws AppError NOT_PARQUET
 */
export function requireNotDatabase(databasePath: string, located: LocatedFile, file: string): LocatedFile {
  if (!isDatabaseFile(databasePath, located.path)) return located
  const message = `${displayName(file)} is the database or one of its files. Name a Parquet file.`
  throw new AppError('NOT_PARQUET', message)
}

/** Returns the real path of a file. */
async function requireReal(path: string, name: string): Promise<string> {
  return realpath(path).catch(() => {
    const message = `There is no file ${displayName(name)} that this program may read. Check its name, its folder and its permissions.`
    throw new AppError('FILE_NOT_FOUND', message)
  })
}

function outside(file: string): AppError {
  const message = `${displayName(file)} is outside the data directory. Copy the file into it, and name it relative to it.`
  return new AppError('FILE_OUTSIDE_DATA_DIRECTORY', message)
}

/** Returns the path of a file below `root` (empty for `root` itself), or undefined if the file is not below it. */
function pathBelow(root: string, path: string): string | undefined {
  const below = relative(root, path)
  return below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below) ? undefined : below
}
