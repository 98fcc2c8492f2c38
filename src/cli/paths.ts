import { stat } from 'node:fs/promises'
import { glob, isDynamicPattern } from 'tinyglobby'

/** What a drop's name looks like in a directory; a name that begins with a dot is somebody's work in progress. */
export const DROP_NAME = /^[^.].*\.parquet$/i

/**
 * The files that the arguments of the command line mean: a file is itself, a directory all drops in and below it, a
 * pattern what it matches. In order, each file once.
 *
 * @returns also the arguments that mean no file at all
 */
export async function expandPaths(paths: readonly string[]): Promise<{ files: string[]; empty: string[] }> {
  const files = new Set<string>()
  const empty: string[] = []
  for (const path of paths) {
    const meant = await expand(path)
    if (meant.length === 0) empty.push(path)
    for (const file of meant) files.add(file)
  }
  return { files: [...files], empty }
}

async function expand(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => null)
  if (found?.isDirectory())
    return (await glob('**/*.parquet', { cwd: path, absolute: true, caseSensitiveMatch: false })).sort()
  if (found || !isDynamicPattern(path)) return [path]
  return (await glob(path, { onlyFiles: true })).sort()
}
