import { existsSync, linkSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { isAbsent } from '../connection/read-only.ts'
import { syncFolder } from './copy.ts'

/** What file systems without hard links say. */
const NO_LINKS: readonly unknown[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

/**
 * Gives a whole copy its name in one step, for good. A link, unlike a rename, replaces nothing that came meanwhile.
 *
 * @returns false when something has that name already
 */
export function giveName(partialPath: string, path: string): boolean {
  try {
    linkSync(partialPath, path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' || existsSync(path)) return false
    if (!NO_LINKS.includes(code)) throw error
    renameSync(partialPath, path)
  }
  rmSync(partialPath, { force: true })
  syncFolder(dirname(path))
  return true
}

/** A log beside the place of a database, if there is one: SQLite would take it for the log of whatever comes there. */
export function strayLogOf(path: string): string | undefined {
  return ['-wal', '-journal'].map(suffix => path + suffix).find(log => !isAbsent(log))
}
