import { isUserError, toUserError, type UserError } from '../../../domain/errors.ts'
import { type Ingestion, type IngestionIdentity, isExpectedSha256 } from '../../../domain/ingestion.ts'
import type { BeginOptions, Loader, LoadStart } from '../../../domain/loader.ts'
import { type Connection, openConnection } from '../connection/connection.ts'
import { databaseError } from '../connection/errors.ts'
import { prepareDerivation } from '../derive/derive.ts'
import { truncateLog } from '../files/checkpoint.ts'
import { acquireLock, type Lock } from '../files/lock.ts'
import { LedgerReader } from '../read/ledger.ts'
import { endInterrupted, type InterruptedIngestion, LedgerWriter } from './ledger.ts'
import { SqliteLoad } from './load.ts'
import { revertNewest } from './revert.ts'

export interface LoaderOptions {
  /** How long to wait while another program writes, in milliseconds. */
  readonly waitMs?: number
  readonly onWait?: () => void
}

const DEFAULT_WAIT_MS = 60_000

/** Writes to the database over its own connection. */
export class SqliteLoader implements Loader {
  readonly #path: string
  readonly #options: LoaderOptions
  readonly #connection: Connection
  readonly #ledger: LedgerReader
  readonly #writer: LedgerWriter

  constructor(path: string, options: LoaderOptions = {}) {
    this.#path = path
    this.#options = options
    this.#connection = openConnection(path)
    // A load creates the keys that it refers to. SQLite would take a fifth of its time to check each (docs/adr/0003).
    this.#connection.pragma('foreign_keys = OFF')
    this.#connection.pragma('wal_autocheckpoint = 0')
    prepareDerivation(this.#connection)
    this.#ledger = new LedgerReader(this.#connection)
    this.#writer = new LedgerWriter(this.#connection)
  }

  async begin(identity: IngestionIdentity, startedAt: number, options: BeginOptions = {}): Promise<LoadStart> {
    const { expectedSha256, signal } = options
    const lock = await this.#acquireLock(signal)
    try {
      // A damaged transfer fails, even if its bytes were ingested before.
      const isExpected = isExpectedSha256(identity.sha256, expectedSha256)
      const earlier = isExpected ? this.#ledger.findSucceeded(identity.sha256) : null
      if (earlier) {
        lock.release()
        return { load: null, ingestion: earlier, alreadyIngested: true }
      }
      endInterrupted(this.#connection)
      // In a transaction, because the driver reports no error when a single INSERT … RETURNING cannot be committed.
      const key = this.#connection.transaction(() => this.#writer.begin(identity, startedAt)).immediate()
      this.#connection.exec('BEGIN IMMEDIATE')
      const load = new SqliteLoad(this.#connection, lock, identity, key)
      if (isExpected) return { load }
      const ingestion = await load.rollBack(checksumMismatch(identity.sha256), { rowsTotal: null, rowsRead: 0 })
      return { load: null, ingestion, alreadyIngested: false }
    } catch (error) {
      const cause = databaseError(error, this.#path)
      await this.#endAfterFailure(identity.id, cause)
      lock.release()
      throw cause
    }
  }

  /** Ends an entry that was committed as RUNNING. If that fails too, the next holder of the lock ends it. */
  async #endAfterFailure(id: string, cause: unknown): Promise<void> {
    try {
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK')
      endInterrupted(this.#connection, isUserError(cause) ? { id, error: toUserError(cause) } : undefined)
      await truncateLog(this.#connection)
    } catch {
      // The caller reports the first error.
    }
  }

  async revert(id: string, onStart?: (rows: number) => void): Promise<Ingestion> {
    const lock = await this.#acquireLock()
    try {
      onStart?.(this.#connection.prepare('SELECT measurement_count FROM dataset').pluck().get() as number)
      this.#connection.transaction(() => revertNewest(this.#connection, id)).immediate()
      await truncateLog(this.#connection)
      return this.#ledger.find(id)!
    } catch (error) {
      throw databaseError(error, this.#path)
    } finally {
      lock.release()
    }
  }

  async close(): Promise<void> {
    await truncateLog(this.#connection)
    this.#connection.close()
  }

  #acquireLock(signal?: AbortSignal): Promise<Lock> {
    const { waitMs = DEFAULT_WAIT_MS, onWait } = this.#options
    return acquireLock(this.#path, 'write', waitMs, onWait, signal)
  }
}

function checksumMismatch(sha256: string): UserError {
  const message = `The file's SHA-256 is ${sha256}, which is not the expected one. Transfer the file again.`
  return { code: 'CHECKSUM_MISMATCH', field: ['input', 'expectedSha256'], message }
}

/**
 * Ends the ingestions that a crash has left RUNNING. Only the holder of the write lock may call this.
 *
 * @throws AppError DATABASE_FULL, DATABASE_READ_ONLY, DATABASE_BUSY
 */
export async function endInterruptedIngestions(path: string, known?: InterruptedIngestion): Promise<void> {
  const connection = openConnection(path)
  try {
    endInterrupted(connection, known)
    // A killed process leaves a log as long as what it had written.
    await truncateLog(connection)
  } catch (error) {
    throw databaseError(error, path)
  } finally {
    connection.close()
  }
}

/**
 * Does the same under the write lock, or nothing when another program holds it: the next holder ends them.
 *
 * @param waitMs how long to wait for a process that is just dying
 */
export async function endInterruptedWhenFree(path: string, waitMs: number, known: InterruptedIngestion): Promise<void> {
  const lock = await acquireLock(path, 'write', waitMs).catch(() => null)
  if (!lock) return
  try {
    await endInterruptedIngestions(path, known)
  } finally {
    lock.release()
  }
}
