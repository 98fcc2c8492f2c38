import { stat } from 'node:fs/promises'
import { glob, isDynamicPattern } from 'tinyglobby'

/** Names of files that are ingested from a directory. A name that starts with a dot is a file still being written. */
export const INPUT_FILE_NAME = /^[^.].*\.parquet$/i

/**
 * Expands the paths of the command line: a file is itself, a directory is all Parquet files in and below it, a glob
 * pattern is all matching files. The files are in the order of the paths, each once.
 *
 * @returns also the paths that match no file
 */
export async function expandPaths(paths: readonly string[]): Promise<{ files: string[]; empty: string[] }> {
  const files = new Set<string>()
  const empty: string[] = []
  for (const path of paths) {
    const expanded = await expand(path)
    if (expanded.length === 0) empty.push(path)
    for (const file of expanded) files.add(file)
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
