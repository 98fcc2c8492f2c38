import { realpath } from 'node:fs/promises'
import { basename, isAbsolute, relative, resolve, sep } from 'node:path'
import { AppError } from '../../domain/errors.ts'
import type { LocatedFile } from '../../domain/ingestor.ts'
import { shownName } from '../../ingestion/drop.ts'
import { isDatabaseFile } from '../../storage/sqlite/files/database-files.ts'

/**
 * Finds a file for a client of the API: relative to the data directory, or absolute inside it. Below that directory no
 * link is followed: whoever may write there could otherwise have any file of the machine read. Nor does a path go up,
 * wherever it would end.
 *
 * @throws AppError FILE_OUTSIDE_DATA_DIRECTORY, FILE_NOT_FOUND, NOT_A_REGULAR_FILE
 */
export async function locateInside(dataDirectory: string, file: string): Promise<LocatedFile> {
  if (file.includes('\0')) throw new AppError('FILE_NOT_FOUND', 'A file name holds no null byte. Check the name.')
  const root = await realpath(dataDirectory).catch(() => {
    throw new AppError('FILE_NOT_FOUND', `There is no file ${shownName(file)}: the data directory does not exist.`)
  })
  const named = resolve(root, file)
  // An absolute path may name the data directory by the way that the configuration does. What is outside by its name
  // is not looked at: the answer must not tell whether it is there.
  const below = insideOf(root, named) ?? insideOf(resolve(dataDirectory), named)
  if (below === undefined) throw outside(file)
  if (file.split(sep).includes('..')) throw goesUp(file)
  if (file === '' || file.endsWith('/')) throw notAFile(file)
  const path = resolve(root, below)
  const real = await realFile(path, file)
  if (insideOf(root, real) === undefined) throw outside(file)
  if (real !== path)
    throw new AppError('NOT_A_REGULAR_FILE', `${shownName(file)} is reached by a link. Name the file itself.`)
  return { path, fileName: below.split(sep).join('/') }
}

/** Finds a file for whoever runs the program: any that its user can read, links followed. */
export async function locateAnywhere(dataDirectory: string, file: string): Promise<LocatedFile> {
  const path = await realFile(file, file)
  const root = await realpath(dataDirectory).catch(() => resolve(dataDirectory))
  return { path, fileName: insideOf(root, path)?.split(sep).join('/') ?? basename(path) }
}

/**
 * What was located, unless it is a file of the database's. Such a one may not even be opened by a process that has the
 * database open: closing it would give up all the locks that SQLite has on it, and with them the log and the lock that
 * keeps a second server out.
 *
 * @param file as the client calls it
 * @throws AppError NOT_PARQUET
 */
export function requireNotDatabase(databasePath: string, located: LocatedFile, file: string): LocatedFile {
  if (!isDatabaseFile(databasePath, located.path)) return located
  const message = `${shownName(file)} is the database itself or a part of it, not a drop. Name a Parquet file.`
  throw new AppError('NOT_PARQUET', message)
}

function realFile(path: string, name: string): Promise<string> {
  return realpath(path).catch(() => {
    const message = `There is no file ${shownName(name)} that this program may read. Check its name, its folder and its permissions.`
    throw new AppError('FILE_NOT_FOUND', message)
  })
}

function notAFile(file: string): AppError {
  return new AppError('NOT_A_REGULAR_FILE', `"${shownName(file)}" is not a regular file. Name a Parquet file.`)
}

function outside(file: string): AppError {
  const message = `${shownName(file)} is outside the data directory. Copy the file into it, and name it relative to it.`
  return new AppError('FILE_OUTSIDE_DATA_DIRECTORY', message)
}

function goesUp(file: string): AppError {
  const message = `${shownName(file)} goes up by "..". Name the file by the way that leads down to it.`
  return new AppError('FILE_OUTSIDE_DATA_DIRECTORY', message)
}

/** The path below `root` (empty for `root` itself), or undefined when it is not below it. */
function insideOf(root: string, path: string): string | undefined {
  const below = relative(root, path)
  return below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below) ? undefined : below
}
