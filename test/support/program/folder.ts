import { mkdir, mkdtemp, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A working folder like that of a user: empty but for an empty data/. */
export async function makeFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'program-')))
  await mkdir(join(folder, 'data'))
  return folder
}
