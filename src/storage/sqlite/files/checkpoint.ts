import { statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Connection, openConnection } from '../connection/connection.ts'
import { sqliteCode } from '../connection/errors.ts'
import { acquireLock } from './lock.ts'

const ATTEMPTS = 20
const PAUSE_MS = 50

/**
 * Moves the write-ahead log into the database file and truncates it, so that a plain copy of the file is complete.
 * Retries while readers hold the log, and gives up after a second: the next checkpoint truncates it. Never throws for a
 * full or read-only disk, because what is committed stays committed.
 */
export async function truncateLog(connection: Connection): Promise<void> {
  const timeout = connection.pragma('busy_timeout', { simple: true })
  connection.pragma('busy_timeout = 0')
  try {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      // While a reader is open, a checkpoint returns `busy` instead of throwing.
      const [result] = connection.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
      if (result?.busy === 0) return
      await sleep(PAUSE_MS)
    }
  } catch (error) {
    if (sqliteCode(error) === '') throw error
  } finally {
    connection.pragma(`busy_timeout = ${timeout}`)
  }
}

/** Long enough for an ingestion that has just ended to release its lock. */
const LOCK_WAIT_MS = 200

/**
 * Truncates the log of a database after a long read, during which an ingestion could not. Does nothing while another
 * program holds the write lock, because that program truncates the log itself.
 */
export async function truncateLogAfterRead(path: string): Promise<void> {
  if (!statSync(`${path}-wal`, { throwIfNoEntry: false })?.size) return
  const lock = await acquireLock(path, 'write', LOCK_WAIT_MS).catch(() => null)
  if (!lock) return
  try {
    const connection = openConnection(path)
    try {
      await truncateLog(connection)
    } finally {
      connection.close()
    }
  } finally {
    lock.release()
  }
}
