import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder for all tests of a file, gone afterwards. To be called once at the top of the file. */
export function useFolder(prefix: string): () => string {
  let folder: string | undefined
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), prefix)))
  })
  afterAll(() => {
    if (folder) rmSync(folder, { recursive: true, force: true })
  })
  return () => folder!
}
