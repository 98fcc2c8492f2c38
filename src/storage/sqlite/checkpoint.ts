import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from './connection.ts'

const ATTEMPTS = 20
const PAUSE_MS = 50

/**
 * Moves the write-ahead log into the database file and empties it, so that a plain copy of the file is whole.
 * While a reader is open the checkpoint answers `busy` instead of throwing: that answer is read, and it is tried again.
 *
 * @returns false when readers held the log to the end; the next checkpoint will do it
 */
export async function truncateLog(connection: Connection): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const [answer] = connection.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
    if (answer?.busy === 0) return true
    await sleep(PAUSE_MS)
  }
  return false
}
