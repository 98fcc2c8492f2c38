import { statSync } from 'node:fs'
import { openConnection } from '../connection/connection.ts'
import { emptyLog } from './checkpoint.ts'
import { acquireLock } from './lock.ts'

/** Long enough for an ingestion that has just ended to let go of its lock. */
const WAIT_MS = 200

/**
 * Empties the log of a database that was read for long: an ingestion that ended meanwhile could not. One that still runs
 * does so itself.
 */
export async function catchUp(path: string): Promise<void> {
  if (!statSync(`${path}-wal`, { throwIfNoEntry: false })?.size) return
  const lock = await acquireLock(path, 'write', WAIT_MS).catch(() => null)
  if (!lock) return
  try {
    const connection = openConnection(path)
    try {
      await emptyLog(connection)
    } finally {
      connection.close()
    }
  } finally {
    lock.release()
  }
}
