import { lstatSync, rmSync } from 'node:fs'
import { AppError } from '../../domain/errors.ts'
import { type Connection, openConnection } from './connection/connection.ts'
import { Database } from './connection/driver.ts'
import { asRefusal } from './connection/errors.ts'
import { isAbsent, lookingAt } from './connection/read-only.ts'
import { beforeUpgradePath, removePartial, vacuumInto } from './files/copy.ts'
import { giveName, strayLogOf } from './files/naming.ts'
import { nameBehindLinks } from './files/own-files.ts'
import { pendingMigrations } from './schema/identify.ts'
import { applyMigrations, MIGRATIONS, type Migration, readMigrations, rewrites } from './schema/migrations.ts'

/** What became of a database that was opened by a newer program. */
export interface Upgrade {
  /** The migrations that were run, oldest first. */
  readonly migrations: readonly string[]
  /** The copy from before, where tables were rewritten. */
  readonly snapshot: string | null
}

/**
 * Creates the database file, or brings it up to date. To be called by the holder of the write lock.
 *
 * All migrations are one transaction: if one fails, the file is as it was. Before one that does more than add to the
 * database, a copy is taken beside it and kept.
 *
 * @returns what was done to a database that was there before; null when nothing had to be
 * @throws AppError when it is not ours, too new, or a migration fails
 * @throws AppError when it cannot be written
 */
export function migrateDatabase(path: string, migrationsFolder = MIGRATIONS): Upgrade | null {
  const migrations = readMigrations(migrationsFolder)
  const isNew = isAbsent(path)
  const pending = isNew ? migrations : lookingAt(path, connection => pendingMigrations(connection, path, migrations))
  const isEmpty = pending.length === migrations.length
  const snapshot = isEmpty ? null : snapshotBefore(path, pending)
  if (pending.length > 0) upgrade(path, pending, snapshot)
  // It may have come from elsewhere: copies have no write-ahead log.
  openConnection(path).close()
  return isEmpty || pending.length === 0 ? null : { migrations: pending.map(({ tag }) => tag), snapshot }
}

function snapshotBefore(path: string, pending: readonly Migration[]): string | null {
  const rewriting = pending.find(rewrites)
  if (!rewriting) return null
  const file = lstatSync(path).isSymbolicLink() ? nameBehindLinks(path) : path
  const partial = beforeUpgradePath(file, rewriting.tag)
  removePartial(partial)
  lookingAt(path, connection => vacuumInto(connection, partial))
  try {
    return namedFreely(partial, `${file}.before-${rewriting.tag}`)
  } catch (error) {
    removePartial(partial)
    throw error
  }
}

/** Copies from before are kept until somebody deletes them: none takes the place of another, or of anything else. */
function namedFreely(partial: string, stem: string): string {
  for (let count = 1; ; count++) {
    const name = `${stem}${count === 1 ? '' : `-${count}`}.db`
    if (!strayLogOf(name) && giveName(partial, name)) return name
  }
}

/** Neither the journal mode nor anything else is changed before the migrations are through. */
function upgrade(path: string, pending: readonly Migration[], snapshot: string | null): void {
  const connection = openAsIs(path)
  try {
    connection.pragma('synchronous = FULL')
    // Rebuilding a table would fire its ON DELETE actions, and within a transaction this pragma does nothing.
    connection.pragma('foreign_keys = OFF')
    connection.exec('BEGIN IMMEDIATE')
    runAll(connection, pending)
    connection.exec('COMMIT')
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK')
    // The database is as it was, and so is worth as much as the copy.
    if (snapshot !== null) rmSync(snapshot, { force: true })
    throw error
  } finally {
    connection.close()
  }
}

function openAsIs(path: string): Connection {
  try {
    return new Database(path)
  } catch (error) {
    throw asRefusal(error)
  }
}

function runAll(connection: Connection, pending: readonly Migration[]): void {
  for (const migration of pending) {
    try {
      applyMigrations(connection, [migration])
    } catch (error) {
      const refusal = asRefusal(error)
      throw refusal === error ? failed(migration.tag, (error as Error).message, error) : refusal
    }
  }
  const broken = connection.pragma('foreign_key_check') as unknown[]
  if (broken.length === 0) return
  throw failed(pending.at(-1)!.tag, `${broken.length} rows would refer to rows that do not exist`)
}

function failed(tag: string, why: string, cause?: unknown): AppError {
  const message = `The upgrade ${tag} failed: ${why}. The database is as it was; go on with the version that wrote it.`
  return new AppError('MIGRATION_FAILED', message, { cause })
}
