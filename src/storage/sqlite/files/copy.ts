import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../../domain/errors.ts'
import type { Connection } from '../connection/connection.ts'
import { sqliteCode } from '../connection/errors.ts'
import { isMissingOrEmpty } from '../connection/read-only.ts'
import { syncFolder } from './database-files.ts'

/** What a disk must have left beyond the copy itself. */
const SPARE_BYTES = 1 << 20

/**
 * Writes the whole database into a new file, as of one moment, compact and without a log. The copy is on disk when this
 * returns, with the permissions of the database.
 *
 * @param path must not exist; removed again when the copy fails
 * @throws AppError SNAPSHOT_NO_SPACE
 */
export function copyDatabase(connection: Connection, path: string): void {
  requireSpace(connection, dirname(path))
  try {
    closeSync(openSync(path, 'wx', statSync(connection.name).mode & 0o777))
    connection.prepare('VACUUM INTO ?').run(path)
    syncFile(path)
  } catch (error) {
    removeUnfinishedCopy(path)
    throw isDiskFull(error) ? noSpace(dirname(path)) : error
  }
}

/** A copy never needs more than the pages in use. */
function requireSpace(connection: Connection, folder: string): void {
  const pragma = (name: string) => connection.pragma(name, { simple: true }) as number
  const needed = (pragma('page_count') - pragma('freelist_count')) * pragma('page_size') + SPARE_BYTES
  const { bavail, bsize } = statfsSync(folder)
  if (bavail * bsize < needed) throw noSpace(folder, needed)
}

function isDiskFull(error: unknown): boolean {
  return sqliteCode(error) === 'SQLITE_FULL' || (error as NodeJS.ErrnoException).code === 'ENOSPC'
}

function noSpace(folder: string, needed?: number): AppError {
  const bytes = needed === undefined ? '' : `: ${Math.ceil(needed / 2 ** 20)} MiB are needed`
  const message = `There is too little space in ${folder} for a copy of the database${bytes}. Free some space, or choose another disk.`
  return new AppError('SNAPSHOT_NO_SPACE', message)
}

function syncFile(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** The errors of file systems without hard links. */
const NO_LINKS: readonly unknown[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

/**
 * Gives a finished copy its name in one step. Unlike a rename, a link never replaces a file that was created meanwhile.
 *
 * @returns false when the name is taken
 */
export function publishCopy(unfinishedPath: string, path: string): boolean {
  try {
    linkSync(unfinishedPath, path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' || existsSync(path)) return false
    if (!NO_LINKS.includes(code)) throw error
    renameSync(unfinishedPath, path)
  }
  rmSync(unfinishedPath, { force: true })
  syncFolder(dirname(path))
  return true
}

/** A log that lies beside `path`: SQLite would apply it to any database of that name. Undefined when there is none. */
export function leftoverLogOf(path: string): string | undefined {
  return ['-wal', '-journal'].map(suffix => path + suffix).find(log => !isMissingOrEmpty(log))
}

type CopyKind = 'snapshot' | 'snapshot-unsent' | 'snapshot-upgrade'

/** Names the database of a copy, so that the copies of another database in the same folder are left alone. */
function prefixOf(databasePath: string, kind: CopyKind): string {
  const database = createHash('sha256').update(realpathSync(databasePath)).digest('hex').slice(0, 16)
  return `.${kind}-${database}-`
}

/** Where a snapshot grows until it is complete. */
export function unfinishedCopyPath(databasePath: string, folder: string, name: string): string {
  return join(folder, `${prefixOf(databasePath, 'snapshot')}${basename(name)}`)
}

/** Where a complete snapshot stays until it is sent to a client. */
export function unsentCopyPath(databasePath: string, folder: string, name: string): string {
  return join(folder, `${prefixOf(databasePath, 'snapshot-unsent')}${basename(name)}`)
}

/** Where the copy before an upgrade grows. Other snapshots do not remove it. */
export function upgradeCopyPath(databasePath: string, tag: string): string {
  return join(dirname(databasePath), `${prefixOf(databasePath, 'snapshot-upgrade')}${tag}`)
}

/** Removes one unfinished copy, with SQLite's journal of it. */
export function removeUnfinishedCopy(path: string): void {
  for (const suffix of ['', '-journal']) rmSync(path + suffix, { force: true })
}

/** Removes the unfinished snapshots of a database. Only the holder of its snapshot lock may call this. */
export function removeUnfinishedCopies(databasePath: string, folder: string): void {
  removeWithPrefix(prefixOf(databasePath, 'snapshot'), folder)
}

/** Removes the snapshots that were never sent. Only the server of the database may call this, before it sends any. */
export function removeUnsentCopies(databasePath: string, folder: string): void {
  removeWithPrefix(prefixOf(databasePath, 'snapshot-unsent'), folder)
}

function removeWithPrefix(prefix: string, folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(prefix)) rmSync(join(folder, name), { force: true })
  }
}
