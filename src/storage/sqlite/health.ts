import { accessSync, constants } from 'node:fs'
import { dirname } from 'node:path'
import type { Connection } from './connection/connection.ts'
import { Database } from './connection/driver.ts'
import { sqliteCode } from './connection/errors.ts'
import { readMigrations } from './schema/migrations.ts'

/** Read at the start: an upgrade may replace the files while the program runs. */
const NEWEST_MIGRATION = readMigrations().at(-1)?.when

/** Whether the database has the schema of this version. */
export function isMigrated(path: string): boolean {
  return probe(path, { readonly: true }, connection => {
    const newest = connection.prepare('SELECT max(created_at) FROM __drizzle_migrations').pluck().get()
    return Number(newest) === NEWEST_MIGRATION
  })
}

/**
 * Whether a write transaction can begin, or one is running. SQLite keeps using a file that it opened before the disk
 * became read-only, so the operating system's permissions are checked too. Opening the file without SQLite would release SQLite's locks.
 */
export function isWritable(path: string): boolean {
  if (![dirname(path), path].every(hasWritePermission)) return false
  return probe(path, { readonly: false }, connection => {
    try {
      connection.exec('BEGIN IMMEDIATE; ROLLBACK')
      return true
    } catch (error) {
      return sqliteCode(error).startsWith('SQLITE_BUSY')
    }
  })
}

function hasWritePermission(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

function probe(path: string, options: { readonly: boolean }, test: (connection: Connection) => boolean): boolean {
  try {
    const connection = new Database(path, { ...options, fileMustExist: true, timeout: 0 })
    try {
      return test(connection)
    } finally {
      connection.close()
    }
  } catch {
    return false
  }
}
