import { AppError, isDatabaseError } from '../../../domain/errors.ts'
import type { Connection } from '../connection/connection.ts'
import { isAbsent, lookingAt } from '../connection/read-only.ts'
import { appliedMigrations, type Migration, readMigrations } from './migrations.ts'

/**
 * The migrations that a database still wants.
 *
 * @throws AppError FOREIGN_DATABASE, DATABASE_TOO_NEW
 */
export function pendingMigrations(connection: Connection, path: string, migrations: readonly Migration[]): Migration[] {
  const applied = appliedMigrations(connection) ?? []
  if (applied.length === 0) {
    requireEmpty(connection, path)
    return [...migrations]
  }
  // A program that keeps the same kind of list has other migrations in it.
  if (!applied.includes(migrations[0]!.when)) throw foreign(path)
  const known = new Set(migrations.map(({ when }) => when))
  if (applied.some(when => !known.has(when))) throw tooNew(path)
  return migrations.filter(({ when }) => !applied.includes(when))
}

/**
 * @throws AppError FOREIGN_DATABASE, DATABASE_TOO_NEW, DATABASE_TOO_OLD when the database is not of this version
 */
export function requireCurrent(connection: Connection, path: string, migrations: readonly Migration[]): void {
  const [pending] = pendingMigrations(connection, path, migrations)
  if (!pending) return
  const message = `${path} is of an older version: start the server on it, or ingest into it, to have it upgraded first.`
  throw new AppError('DATABASE_TOO_OLD', message)
}

/** The same of a file that nobody has opened yet. */
export function requireCurrentDatabase(path: string): void {
  lookingAt(path, connection => requireCurrent(connection, path, readMigrations()))
}

/**
 * Refuses what is no database to be written to, before anything is made beside it. Who writes looks again under the
 * lock; so what another program's work keeps from being seen here is no matter.
 *
 * @throws AppError
 */
export function requireOurs(path: string): void {
  if (isAbsent(path)) return
  try {
    requireSeenOurs(path)
  } catch (error) {
    if (isDatabaseError(error)) throw error
  }
}

/**
 * Refuses what is there and not seen to be a database of ours, whatever keeps it from being seen.
 *
 * @throws AppError, or what keeps it from being read
 */
export function requireSeenOurs(path: string): void {
  if (isAbsent(path)) return
  lookingAt(path, connection => pendingMigrations(connection, path, readMigrations()))
}

function requireEmpty(connection: Connection, path: string): void {
  const theirs = `SELECT 1 FROM sqlite_schema WHERE name <> '__drizzle_migrations' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`
  if (connection.prepare(theirs).get()) throw foreign(path)
}

function foreign(path: string): AppError {
  return new AppError(
    'FOREIGN_DATABASE',
    `${path} is a SQLite database of another program: choose another DATABASE_URL.`,
  )
}

function tooNew(path: string): AppError {
  return new AppError(
    'DATABASE_TOO_NEW',
    `${path} was written by a newer version of this program. Use that version, or a copy from before the upgrade.`,
  )
}
