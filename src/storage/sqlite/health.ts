import { accessSync, constants } from 'node:fs'
import { dirname } from 'node:path'
import type { Connection } from './connection/connection.ts'
import { Database } from './connection/driver.ts'
import { sqliteCode } from './connection/errors.ts'
import { readMigrations } from './schema/migrations.ts'

/** Of the program that runs, whatever has been installed over it meanwhile. */
const NEWEST_MIGRATION = readMigrations().at(-1)?.when

/** Whether the database has the tables that this version of the program works with. */
export function isMigrated(path: string): boolean {
  return tried(path, { readonly: true }, connection => {
    const newest = connection.prepare('SELECT max(created_at) FROM __drizzle_migrations').pluck().get()
    return Number(newest) === NEWEST_MIGRATION
  })
}

/**
 * Whether a transaction can be begun that writes; one that is under way is as good. SQLite keeps and uses what was
 * opened before a disk became read-only, so the system is asked too; opening the file past SQLite to try it out would
 * drop the locks that SQLite has on it.
 */
export function isWritable(path: string): boolean {
  if (![dirname(path), path].every(mayBeWritten)) return false
  return tried(path, { readonly: false }, connection => {
    try {
      connection.exec('BEGIN IMMEDIATE; ROLLBACK')
      return true
    } catch (error) {
      return sqliteCode(error).startsWith('SQLITE_BUSY')
    }
  })
}

function mayBeWritten(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

function tried(path: string, options: { readonly: boolean }, look: (connection: Connection) => boolean): boolean {
  try {
    const connection = new Database(path, { ...options, fileMustExist: true, timeout: 0 })
    try {
      return look(connection)
    } finally {
      connection.close()
    }
  } catch {
    return false
  }
}
