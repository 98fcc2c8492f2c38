import { statSync } from 'node:fs'
import { Database } from '../../../src/storage/sqlite/connection/driver.ts'

/** A database whose write-ahead log has a commit that is not yet in the file, as after an ingestion with a long reader. */
export function openLog(path: string): { size(): number; close(): void } {
  const database = new Database(path)
  database.pragma('wal_autocheckpoint = 0')
  database.exec('UPDATE ingestion SET queued_at = queued_at + 1')
  return { size: () => statSync(`${path}-wal`).size, close: () => database.close() }
}
