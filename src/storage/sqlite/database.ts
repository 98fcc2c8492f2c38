import { lstatSync, rmSync } from 'node:fs'
import { AppError, isAppError, isDatabaseError } from '../../domain/errors.ts'
import { type Connection, openConnection } from './connection/connection.ts'
import { Database } from './connection/driver.ts'
import { databaseError } from './connection/errors.ts'
import { isMissingOrEmpty, withReadOnly } from './connection/read-only.ts'
import { copyDatabase, leftoverLogOf, publishCopy, removeUnfinishedCopy, upgradeCopyPath } from './files/copy.ts'
import { resolveLinks } from './files/database-files.ts'
import { acquireLock } from './files/lock.ts'
import { endInterruptedIngestions } from './load/loader.ts'
import {
  applyMigrations,
  MIGRATIONS,
  type Migration,
  pendingMigrations,
  readMigrations,
  requireCurrent,
  rewritesTables,
} from './schema/migrations.ts'

export interface PrepareOptions {
  /** How long to wait while another program writes, in milliseconds. */
  readonly waitMs: number
  readonly onWait?: () => void
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined
}

/** What was done to a database of an older version. */
export interface Upgrade {
  /** The migrations that were applied, oldest first. */
  readonly migrations: readonly string[]
  /** The copy from before the upgrade; null when the upgrade only added to the database. */
  readonly snapshot: string | null
}

/**
 * Creates the database or upgrades it, and ends the ingestions that a crash has left RUNNING.
 *
 * @throws AppError one of DATABASE_ERROR_CODES, or DATABASE_BUSY, DATABASE_READ_ONLY, DATABASE_FULL
 */
export async function prepareDatabase(
  path: string,
  { waitMs, onWait, signal }: PrepareOptions,
): Promise<Upgrade | null> {
  rejectForeignFile(path)
  const lock = await acquireLock(path, 'write', waitMs, onWait, signal)
  try {
    const upgrade = migrateDatabase(path)
    await endInterruptedIngestions(path)
    return upgrade
  } catch (error) {
    throw databaseError(error, path)
  } finally {
    lock.release()
  }
}

/**
 * Creates the database file or upgrades it. Only the holder of the write lock may call this.
 *
 * All migrations are one transaction: if one fails, the file is unchanged. Before a migration that does more than add to
 * the database, a copy is made beside it and kept.
 *
 * @returns null when the database was new or up to date
 * @throws AppError FOREIGN_DATABASE, DATABASE_TOO_NEW, MIGRATION_FAILED, DATABASE_READ_ONLY, DATABASE_FULL
 */
export function migrateDatabase(path: string, migrationsFolder = MIGRATIONS): Upgrade | null {
  const migrations = readMigrations(migrationsFolder)
  const pending = isMissingOrEmpty(path)
    ? migrations
    : withReadOnly(path, connection => pendingMigrations(connection, path, migrations))
  const isNew = pending.length === migrations.length
  const snapshot = isNew ? null : copyBeforeUpgrade(path, pending)
  if (pending.length > 0) upgrade(path, pending, snapshot)
  // Switches to a write-ahead log, which a database that was copied from elsewhere lacks.
  openConnection(path).close()
  return isNew || pending.length === 0 ? null : { migrations: pending.map(({ tag }) => tag), snapshot }
}

function copyBeforeUpgrade(path: string, pending: readonly Migration[]): string | null {
  const rewriting = pending.find(rewritesTables)
  if (!rewriting) return null
  const file = lstatSync(path).isSymbolicLink() ? resolveLinks(path) : path
  const unfinished = upgradeCopyPath(file, rewriting.tag)
  removeUnfinishedCopy(unfinished)
  withReadOnly(path, connection => copyDatabase(connection, unfinished))
  try {
    return publishUnderFreeName(unfinished, `${file}.before-${rewriting.tag}`)
  } catch (error) {
    removeUnfinishedCopy(unfinished)
    throw error
  }
}

/** Copies from before an upgrade stay until a person deletes them, so none replaces another file. */
function publishUnderFreeName(unfinished: string, stem: string): string {
  for (let count = 1; ; count++) {
    const name = `${stem}${count === 1 ? '' : `-${count}`}.db`
    if (!leftoverLogOf(name) && publishCopy(unfinished, name)) return name
  }
}

/** Changes nothing, not even the journal mode, before all migrations have succeeded. */
function upgrade(path: string, pending: readonly Migration[], snapshot: string | null): void {
  const connection = openUnchanged(path)
  try {
    connection.pragma('synchronous = FULL')
    // Rebuilding a table would fire its ON DELETE actions, and within a transaction this pragma has no effect.
    connection.pragma('foreign_keys = OFF')
    connection.exec('BEGIN IMMEDIATE')
    applyEach(connection, pending)
    connection.exec('COMMIT')
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK')
    // The database is unchanged, so the copy is of no use.
    if (snapshot !== null) rmSync(snapshot, { force: true })
    throw error
  } finally {
    connection.close()
  }
}

function openUnchanged(path: string): Connection {
  try {
    return new Database(path)
  } catch (error) {
    throw databaseError(error, path)
  }
}

function applyEach(connection: Connection, pending: readonly Migration[]): void {
  for (const migration of pending) {
    try {
      applyMigrations(connection, [migration])
    } catch (thrown) {
      const error = databaseError(thrown, connection.name)
      throw isAppError(error) ? error : migrationFailed(migration.tag, (error as Error).message, error)
    }
  }
  const broken = connection.pragma('foreign_key_check') as unknown[]
  if (broken.length === 0) return
  throw migrationFailed(pending.at(-1)!.tag, `${broken.length} rows would refer to rows that do not exist`)
}

function migrationFailed(tag: string, why: string, cause?: unknown): AppError {
  const message = `The upgrade ${tag} failed: ${why}. The database is unchanged: use the version that wrote it.`
  return new AppError('MIGRATION_FAILED', message, { cause })
}

/**
 * Rejects a file that the program must not write to, before anything is created beside it. Passes a file that cannot be
 * inspected now, for example because another program writes to it: `migrateDatabase` inspects it again.
 *
 * @throws AppError NOT_A_DATABASE, FOREIGN_DATABASE, DATABASE_TOO_NEW, DATABASE_DAMAGED
 */
export function rejectForeignFile(path: string): void {
  try {
    requireOwnDatabase(path)
  } catch (error) {
    if (isDatabaseError(error)) throw error
  }
}

/**
 * Requires that a file, if it exists, is a database of this program.
 *
 * @throws AppError NOT_A_DATABASE, FOREIGN_DATABASE, DATABASE_TOO_NEW, DATABASE_DAMAGED; or the reason why it cannot be read
 */
export function requireOwnDatabase(path: string): void {
  if (isMissingOrEmpty(path)) return
  try {
    withReadOnly(path, connection => pendingMigrations(connection, path, readMigrations()))
  } catch (error) {
    throw databaseError(error, path)
  }
}

/**
 * Requires a database of this program and version.
 *
 * @throws AppError NO_DATABASE, NOT_A_DATABASE, FOREIGN_DATABASE, DATABASE_TOO_NEW, DATABASE_TOO_OLD, DATABASE_DAMAGED
 */
export function requireCurrentDatabase(path: string): void {
  withReadOnly(path, connection => requireCurrent(connection, path, readMigrations()))
}

/** Moves the write-ahead log into the database file and removes it, if no other process has the database open. */
export function removeLog(path: string): void {
  // The last writable connection that closes removes the log.
  openConnection(path).close()
}

/** Deletes a database that no other process uses. A symbolic link to it stays. @throws AppError DATABASE_BUSY */
export async function deleteDatabase(path: string): Promise<void> {
  const lock = await acquireLock(path, 'write', 0)
  try {
    const file = resolveLinks(path)
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
  } finally {
    lock.release()
  }
}
