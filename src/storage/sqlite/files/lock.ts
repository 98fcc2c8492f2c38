import { statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../../domain/errors.ts'
import type { Connection } from '../connection/connection.ts'
import { Database } from '../connection/driver.ts'
import { asRefusal, sqliteCode } from '../connection/errors.ts'
import { type LockName, nameBehindLinks } from './own-files.ts'

const POLL_MS = 100

/** Held until `release`, or until its process dies, however it dies. */
export interface Lock {
  release(): void
}

/**
 * Takes the right to write to a database as a whole: one ingestion or migration at a time, over all processes.
 * Whoever holds it knows that no other is at work, so that a line RUNNING in the ledger is a dead one's.
 *
 * It is an exclusive transaction on an empty database beside the real one, because the operating system gives up
 * SQLite's locks with the process, and Node has no other lock that a crash cannot leave behind.
 *
 * @param waitMs how long to wait for another holder
 * @param onWait called once, when there is one
 * @param signal ends the waiting
 * @throws AppError DATABASE_BUSY, SNAPSHOT_BUSY, LOCK_DAMAGED, or what keeps the lock's file from being opened
 */
export async function acquireLock(
  path: string,
  name: LockName,
  waitMs: number,
  onWait?: () => void,
  signal?: AbortSignal,
): Promise<Lock> {
  // Locks are found by name: a database that is reached by two ways must have one. It may not exist yet.
  const file = `${nameBehindLinks(path)}.${name}-lock`
  requireEmpty(file)
  // Not by the clock on the wall, which may be set.
  const deadline = performance.now() + waitMs
  for (let attempt = 0; ; attempt++) {
    const lock = tryLock(file)
    if (lock) return lock
    if (performance.now() >= deadline) throw busy(name)
    if (attempt === 0) onWait?.()
    await sleep(POLL_MS, undefined, { signal })
  }
}

/** Whatever else is in its place is somebody's, and SQLite would blame the database for it. */
function requireEmpty(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found || (found.isFile() && found.size === 0)) return
  throw new AppError(
    'LOCK_DAMAGED',
    `${file} should be an empty file, and is not. It is a lock and no part of the database: remove it when no program is at work on the database.`,
  )
}

function tryLock(path: string): Lock | null {
  let connection: Connection | undefined
  try {
    connection = new Database(path, { timeout: 0 })
    // Nothing is ever written, so there is nothing to keep a journal of; OFF is not for a connection that is defensive.
    connection.pragma('journal_mode = MEMORY')
    connection.exec('BEGIN EXCLUSIVE')
    return { release: () => connection?.close() }
  } catch (error) {
    connection?.close()
    if (sqliteCode(error).startsWith('SQLITE_BUSY')) return null
    throw asRefusal(error)
  }
}

function busy(name: LockName): AppError {
  switch (name) {
    case 'server':
      return new AppError(
        'DATABASE_BUSY',
        'Another server is already serving this database. Stop it, or choose another DATABASE_URL.',
      )
    case 'write':
      return new AppError('DATABASE_BUSY', 'Another ingestion is writing to the database. Try again when it is done.')
    case 'snapshot':
      return new AppError('SNAPSHOT_BUSY', 'The database is being copied already. Try again when that is done.')
  }
}
