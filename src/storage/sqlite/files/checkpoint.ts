import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from '../connection/connection.ts'
import { sqliteCode } from '../connection/errors.ts'

const ATTEMPTS = 20
const PAUSE_MS = 50

/**
 * Empties the log, if it can be done now. Readers are waited for between attempts, not for the busy timeout in each.
 * Never throws for a reason of the disk's: what is committed stays so, and the next ingestion empties the log.
 */
export async function emptyLog(connection: Connection): Promise<void> {
  const timeout = connection.pragma('busy_timeout', { simple: true })
  connection.pragma('busy_timeout = 0')
  try {
    await truncateLog(connection)
  } catch (error) {
    if (sqliteCode(error) === '') throw error
  } finally {
    connection.pragma(`busy_timeout = ${timeout}`)
  }
}

/**
 * Moves the write-ahead log into the database file and empties it, so that a plain copy of the file is whole.
 * While a reader is open the checkpoint answers `busy` instead of throwing: that answer is read, and it is tried again.
 * When readers hold the log to the end, the next checkpoint will do it.
 */
async function truncateLog(connection: Connection): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const [answer] = connection.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
    if (answer?.busy === 0) return
    await sleep(PAUSE_MS)
  }
}
