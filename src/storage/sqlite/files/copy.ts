import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readdirSync, realpathSync, rmSync, statfsSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../../domain/errors.ts'
import type { Connection } from '../connection/connection.ts'
import { sqliteCode } from '../connection/errors.ts'

/** What a disk must have left beyond the copy itself. */
const SPARE_BYTES = 1 << 20

/** Names of copies tell which database they are of: those of another may still be growing. */
function prefixOf(databasePath: string, kind: 'snapshot' | 'snapshot-unsent' | 'snapshot-upgrade'): string {
  const database = createHash('sha256').update(realpathSync(databasePath)).digest('hex').slice(0, 16)
  return `.${kind}-${database}-`
}

/** Removes what was left by copies of a database that were cut short. To be called when none of it is being copied. */
export function removePartials(databasePath: string, folder: string): void {
  removeNamed(prefixOf(databasePath, 'snapshot'), folder)
}

/** Removes the copies that were to be sent and were not. To be called when nobody sends any. */
export function removeUnsent(databasePath: string, folder: string): void {
  removeNamed(prefixOf(databasePath, 'snapshot-unsent'), folder)
}

function removeNamed(prefix: string, folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(prefix)) rmSync(join(folder, name), { force: true })
  }
}

/** Removes an unfinished copy, with what SQLite keeps beside it. */
export function removePartial(path: string): void {
  for (const suffix of ['', '-journal']) rmSync(path + suffix, { force: true })
}

/**
 * Writes all of a database into a new file, as of one moment, compact and without a log; it is on the disk when this
 * returns. Nobody but the owner of the database may read it who may not read the database.
 *
 * @param path of a file that does not exist yet; removed again when it cannot be finished
 * @throws AppError SNAPSHOT_NO_SPACE
 */
export function vacuumInto(connection: Connection, path: string): void {
  requireSpace(connection, dirname(path))
  try {
    closeSync(openSync(path, 'wx', statSync(connection.name).mode & 0o777))
    connection.prepare('VACUUM INTO ?').run(path)
    syncFile(path)
  } catch (error) {
    removePartial(path)
    throw isFull(error) ? noSpace(dirname(path)) : error
  }
}

/** Has the system write what it holds back of a file. */
function syncFile(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** The same of the names in a folder, where the system knows of such a thing. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** A copy never takes more than the pages that are in use. */
function requireSpace(connection: Connection, folder: string): void {
  const pragma = (name: string) => connection.pragma(name, { simple: true }) as number
  const wanted = (pragma('page_count') - pragma('freelist_count')) * pragma('page_size') + SPARE_BYTES
  const { bavail, bsize } = statfsSync(folder)
  if (bavail * bsize < wanted) throw noSpace(folder, wanted)
}

function isFull(error: unknown): boolean {
  return sqliteCode(error) === 'SQLITE_FULL' || (error as NodeJS.ErrnoException).code === 'ENOSPC'
}

function noSpace(folder: string, wanted?: number): AppError {
  const bytes = wanted === undefined ? '' : `: ${Math.ceil(wanted / 2 ** 20)} MiB are needed`
  const message = `There is too little space in ${folder} for a copy of the database${bytes}. Free some, or choose another disk.`
  return new AppError('SNAPSHOT_NO_SPACE', message)
}

/** Where an unfinished copy lies: beside where it is to be. */
export function partialPath(databasePath: string, folder: string, name: string): string {
  return join(folder, `${prefixOf(databasePath, 'snapshot')}${basename(name)}`)
}

/** Where the copy from before an upgrade grows: who takes another copy meanwhile leaves it alone. */
export function beforeUpgradePath(databasePath: string, tag: string): string {
  return join(dirname(databasePath), `${prefixOf(databasePath, 'snapshot-upgrade')}${tag}`)
}

/** Where a whole copy lies until it is sent: who makes the next one leaves it alone. */
export function unsentPath(databasePath: string, folder: string, name: string): string {
  return join(folder, `${prefixOf(databasePath, 'snapshot-unsent')}${basename(name)}`)
}
