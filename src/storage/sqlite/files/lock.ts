import { statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../../domain/errors.ts'
import type { Connection } from '../connection/connection.ts'
import { Database } from '../connection/driver.ts'
import { databaseError, sqliteCode } from '../connection/errors.ts'
import { type LockName, resolveLinks } from './database-files.ts'

const POLL_MS = 100

/** Held until `release`, or until the process ends in any way. */
export interface Lock {
  release(): void
}

/**
 * Acquires a lock on a whole database, across processes. The holder of the write lock knows that no other process
 * ingests or migrates, so that an ingestion that is still RUNNING has been interrupted.
 *
 * The lock is an exclusive transaction on an empty database beside the real one: the operating system releases SQLite's
 * locks when the process dies, and Node has no other lock that a crash cannot leave behind.
 *
 * @param waitMs how long to wait for another holder
 * @param onWait called once, when another process holds the lock
 * @param signal ends the wait
 * @throws AppError DATABASE_BUSY, SNAPSHOT_BUSY, LOCK_DAMAGED, DATABASE_READ_ONLY, DATABASE_FULL
 */
export async function acquireLock(
  path: string,
  name: LockName,
  waitMs: number,
  onWait?: () => void,
  signal?: AbortSignal,
): Promise<Lock> {
  // The name identifies the lock, so a database that two paths lead to needs one name. It may not exist yet.
  const file = `${resolveLinks(path)}.${name}-lock`
  requireEmptyFile(file)
  // Not the wall clock, which can be set.
  const deadline = performance.now() + waitMs
  for (let attempt = 0; ; attempt++) {
    const lock = tryLock(file)
    if (lock) return lock
    if (performance.now() >= deadline) throw lockHeld(name)
    if (attempt === 0) onWait?.()
    await sleep(POLL_MS, undefined, { signal })
  }
}

/** SQLite would report any other content as damage of the database. */
function requireEmptyFile(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found || (found.isFile() && found.size === 0)) return
  const message = `${file} is not an empty file. It is a lock and holds no data: remove it when no program uses the database.`
  throw new AppError('LOCK_DAMAGED', message)
}

function tryLock(path: string): Lock | null {
  let connection: Connection | undefined
  try {
    connection = new Database(path, { timeout: 0 })
    // Nothing is ever written to it. journal_mode = OFF is refused on a defensive connection.
    connection.pragma('journal_mode = MEMORY')
    connection.exec('BEGIN EXCLUSIVE')
    return { release: () => connection?.close() }
  } catch (error) {
    connection?.close()
    if (sqliteCode(error).startsWith('SQLITE_BUSY')) return null
    throw databaseError(error, path)
  }
}

function lockHeld(name: LockName): AppError {
  switch (name) {
    case 'server': {
      const message = 'Another server is already serving this database. Stop it, or choose another DATABASE_URL.'
      return new AppError('DATABASE_BUSY', message)
    }
    case 'write':
      return new AppError('DATABASE_BUSY', 'Another ingestion is writing to the database. Try again when it is done.')
    case 'snapshot':
      return new AppError(
        'SNAPSHOT_BUSY',
        'Another snapshot of the database is being taken. Try again when it is done.',
      )
  }
}
