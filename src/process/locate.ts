import { realpath } from 'node:fs/promises'
import { basename, isAbsolute, relative, resolve, sep } from 'node:path'
import { Refusal } from '../domain/errors.ts'
import type { LocatedFile } from './supervisor.ts'

/**
 * Finds a file for a client of the API: relative to the data directory, or absolute inside it.
 *
 * @throws Refusal FILE_OUTSIDE_DATA_DIRECTORY, FILE_NOT_FOUND
 */
export async function locateInside(dataDirectory: string, file: string): Promise<LocatedFile> {
  if (file.includes('\0')) throw new Refusal('FILE_NOT_FOUND', 'A file name holds no null byte. Check the name.')
  const root = await realpath(dataDirectory).catch(() => {
    throw new Refusal('FILE_NOT_FOUND', `There is no file ${file}: the data directory does not exist.`)
  })
  // An absolute path may name the data directory by the way that the configuration does.
  const within = isAbsolute(file)
    ? (insideOf(root, file) ?? insideOf(resolve(dataDirectory), file))
    : insideOf(root, resolve(root, file))
  if (within === undefined) {
    throw new Refusal(
      'FILE_OUTSIDE_DATA_DIRECTORY',
      `${file} is outside the data directory. Copy the file into it, and name it relative to it.`,
    )
  }
  return { path: resolve(root, within), fileName: within.split(sep).join('/') }
}

/** Finds a file for whoever runs the program: any that its user can read, links followed. */
export async function locateAnywhere(dataDirectory: string, file: string): Promise<LocatedFile> {
  const path = await realpath(file).catch(() => resolve(file))
  const root = await realpath(dataDirectory).catch(() => resolve(dataDirectory))
  return { path, fileName: insideOf(root, path)?.split(sep).join('/') ?? basename(path) }
}

/** The path below `root`, or undefined when it is not below it. */
function insideOf(root: string, path: string): string | undefined {
  const below = relative(root, resolve(path))
  return below === '' || below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below) ? undefined : below
}
