import type BetterSqlite3 from 'better-sqlite3'
import { Database } from './driver.ts'
import { databaseError } from './errors.ts'

export type Connection = BetterSqlite3.Database

/** How long a statement waits for the lock of another connection, in milliseconds. */
const BUSY_TIMEOUT_MS = 5_000

const FULL = 2

/**
 * Opens a connection whose commits survive a power cut. SQLite falls back to synchronous=NORMAL on every later
 * connection to a WAL database, so the setting is set and verified on each (docs/adr/0003).
 *
 * @param path of the database file; created unless `readonly`
 * @throws AppError DATABASE_READ_ONLY, DATABASE_FULL, DATABASE_BUSY, DATABASE_DAMAGED
 */
export function openConnection(path: string, { readonly = false } = {}): Connection {
  try {
    const connection = new Database(path, { readonly, fileMustExist: readonly, timeout: BUSY_TIMEOUT_MS })
    configure(connection, readonly)
    return connection
  } catch (error) {
    throw databaseError(error, path)
  }
}

function configure(connection: Connection, readonly: boolean): void {
  if (!readonly) connection.pragma('journal_mode = WAL')
  connection.pragma('synchronous = FULL')
  if (connection.pragma('synchronous', { simple: true }) !== FULL) throw new Error('synchronous is not FULL')
  connection.pragma('foreign_keys = ON')
  connection.pragma('temp_store = MEMORY')
  connection.pragma('cache_size = -65536')
  connection.pragma('trusted_schema = OFF')
}
