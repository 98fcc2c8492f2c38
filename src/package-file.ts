import { existsSync } from 'node:fs'

/**
 * A file that comes with the program, wherever its modules lie: one by one in `src`, bundled in `dist`.
 *
 * @param path from the folder of package.json
 */
export function packageFile(path: string): URL {
  return new URL(path, ROOT)
}

const ROOT = folderWithManifest(new URL('./', import.meta.url))

function folderWithManifest(folder: URL): URL {
  if (existsSync(new URL('package.json', folder))) return folder
  const above = new URL('../', folder)
  if (above.href === folder.href) throw new Error('the program is not in its package: install it anew')
  return folderWithManifest(above)
}
