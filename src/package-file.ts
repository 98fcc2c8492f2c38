import { existsSync, readFileSync } from 'node:fs'

const ROOT = folderOfManifest(new URL('./', import.meta.url))

/** The version in package.json. */
export const PROGRAM_VERSION = (JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string })
  .version

/**
 * The URL of a file of the package. Works in `src` as well as in the bundle in `dist`.
 *
 * @param path relative to package.json
 */
export function packageFile(path: string): URL {
  return new URL(path, ROOT)
}

function folderOfManifest(folder: URL): URL {
  if (existsSync(new URL('package.json', folder))) return folder
  const parent = new URL('../', folder)
  if (parent.href === folder.href) throw new Error('package.json was not found. Install account-growth again.')
  return folderOfManifest(parent)
}
