import type { UserError } from '../../../domain/errors.ts'
import {
  type Ingestion,
  type IngestionIdentity,
  type IngestionWarning,
  KEPT_REJECTED_ROWS,
  type RejectedBatch,
  type RejectedRow,
  statusAfter,
} from '../../../domain/ingestion.ts'
import type { Load } from '../../../domain/loader.ts'
import type { MeasurementBatch } from '../../../domain/measurement.ts'
import type { Connection } from '../connection/connection.ts'
import { databaseError } from '../connection/errors.ts'
import { countTracked, markStale, markStaleByTime, refreshDerived } from '../derive/refresh.ts'
import { truncateLog } from '../files/checkpoint.ts'
import type { Lock } from '../files/lock.ts'
import { LedgerReader } from '../read/ledger.ts'
import { PERIOD_MS, periodOf } from '../schema/tables.ts'
import { Block, keyOrder } from './block.ts'
import { SurrogateKeys } from './keys.ts'
import { type IngestionEnd, LedgerWriter } from './ledger.ts'
import { Upsert } from './upsert.ts'

/** A block with fewer rows is not written yet when a period ends. */
const MIN_BLOCK_ROWS = 1 << 16

/** The transaction of one file, begun by the loader. Releases the lock when it is over. */
export class SqliteLoad implements Load {
  readonly #connection: Connection
  readonly #lock: Lock
  readonly #id: string
  readonly #isDryRun: boolean
  readonly #ingestion: number
  readonly #keys: SurrogateKeys
  readonly #upsert: Upsert
  readonly #block = new Block()
  readonly #periods = new Set<number>()
  readonly #rejectionCounts = new Map<RejectedRow['reason'], number>()
  readonly #rejectedRows: RejectedRow[] = []
  readonly #warnings: IngestionWarning[] = []
  #firstMeasuredAt = Number.POSITIVE_INFINITY
  #lastMeasuredAt = Number.NEGATIVE_INFINITY
  #newestPeriod = Number.NEGATIVE_INFINITY
  #accepted = 0

  /** @param ingestion the internal key of the ledger entry */
  constructor(connection: Connection, lock: Lock, { id, dryRun }: IngestionIdentity, ingestion: number) {
    this.#connection = connection
    this.#lock = lock
    this.#id = id
    this.#isDryRun = dryRun
    this.#ingestion = ingestion
    this.#keys = new SurrogateKeys(connection, ingestion)
    this.#upsert = new Upsert(connection, ingestion)
  }

  async write(batch: MeasurementBatch): Promise<void> {
    try {
      this.#append(batch)
    } catch (error) {
      throw databaseError(error, this.#connection.name)
    }
  }

  #append(batch: MeasurementBatch): void {
    for (const accountId of batch.newAccountIds) this.#keys.addAccount(accountId)
    for (const names of batch.newCategorySets) this.#keys.addCategorySet(names)
    const { accounts, categorySets } = this.#keys
    for (let row = 0; row < batch.length; ) {
      const end = this.#endOfPeriod(batch, row)
      while (row < end) {
        row = this.#block.append(batch, row, end, accounts.buffer, categorySets.buffer)
        if (this.#block.isFull) this.#writeBlock()
      }
    }
    this.#accepted += batch.length
  }

  /**
   * Records the instants of the rows from `start` that are in one period. When a file in time order enters a new period,
   * the block holds only older ones: they are written now, at the end of the table, while the next rows are read.
   *
   * @returns the first row of another period
   */
  #endOfPeriod({ measuredAt, length }: MeasurementBatch, start: number): number {
    const period = periodOf(measuredAt[start]!)
    if (period > this.#newestPeriod && this.#block.length >= MIN_BLOCK_ROWS) this.#writeBlock()
    this.#periods.add(period)
    this.#newestPeriod = Math.max(this.#newestPeriod, period)
    const [from, to] = [period * PERIOD_MS, (period + 1) * PERIOD_MS]
    let [first, last] = [this.#firstMeasuredAt, this.#lastMeasuredAt]
    let row = start
    for (; row < length; row++) {
      const instant = measuredAt[row]!
      if (instant < from || instant >= to) break
      if (instant < first) first = instant
      if (instant > last) last = instant
    }
    this.#firstMeasuredAt = first
    this.#lastMeasuredAt = last
    return row
  }

  #writeBlock(): void {
    this.#upsert.write(this.#block, keyOrder(this.#block))
    this.#block.length = 0
  }

  async reject({ counts, rows }: RejectedBatch): Promise<void> {
    for (const [reason, count] of counts) {
      this.#rejectionCounts.set(reason, (this.#rejectionCounts.get(reason) ?? 0) + count)
    }
    this.#rejectedRows.push(...rows.slice(0, KEPT_REJECTED_ROWS - this.#rejectedRows.length))
  }

  async warn(warnings: readonly IngestionWarning[]): Promise<void> {
    this.#warnings.push(...warnings)
  }

  async commit(rows: { rowsTotal: number; rowsRead: number }): Promise<Ingestion> {
    const ingestion = this.#commit(rows)
    await this.#release()
    return ingestion
  }

  #commit(rows: { rowsTotal: number; rowsRead: number }): Ingestion {
    try {
      this.#writeBlock()
      if (this.#accepted > 0) this.#refreshDerived()
      if (this.#isDryRun) this.#connection.exec('ROLLBACK; BEGIN IMMEDIATE')
      const { inserted, corrected } = this.#upsert.counts
      const unchanged = this.#accepted - inserted - corrected
      const created = { accountsCreated: this.#keys.accountsCreated, ...this.#span() }
      this.#end({ status: 'SUCCEEDED', finishedAt: Date.now(), ...rows, inserted, corrected, unchanged, ...created })
      // Read before the commit, because a failure after it would report committed data as failed.
      const ingestion = this.#ledgerEntry()
      this.#connection.exec('COMMIT')
      return ingestion
    } catch (error) {
      throw databaseError(error, this.#connection.name)
    }
  }

  async rollBack(error: UserError, rows: { rowsTotal: number | null; rowsRead: number }): Promise<Ingestion> {
    const { code: errorCode, field: errorField, message: errorMessage } = error
    const end = { status: statusAfter(error), finishedAt: Date.now(), ...rows, errorCode, errorField, errorMessage }
    try {
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK')
      this.#connection.transaction(() => this.#end(end))()
    } catch (cause) {
      // The entry stays RUNNING. The next holder of the lock ends it.
      this.#lock.release()
      throw databaseError(cause, this.#connection.name)
    }
    await this.#release()
    return this.#ledgerEntry()
  }

  async #release(): Promise<void> {
    try {
      await truncateLog(this.#connection)
    } finally {
      this.#lock.release()
    }
  }

  #span() {
    if (this.#accepted === 0) return {}
    return { firstMeasuredAt: this.#firstMeasuredAt, lastMeasuredAt: this.#lastMeasuredAt }
  }

  #end(end: IngestionEnd): void {
    const rejectionCounts = this.#rejectionCounts
    const rejected = [...rejectionCounts.values()].reduce((sum, count) => sum + count, 0)
    const report = { rejectionCounts, rejectedRows: this.#rejectedRows, warnings: this.#warnings }
    new LedgerWriter(this.#connection).end(this.#ingestion, { ...end, rejected }, report)
  }

  #ledgerEntry(): Ingestion {
    return new LedgerReader(this.#connection).find(this.#id)!
  }

  #refreshDerived(): void {
    const connection = this.#connection
    const asOfBefore = connection.prepare('SELECT as_of FROM dataset').pluck().get() as number | null
    const asOf = Math.max(this.#lastMeasuredAt, asOfBefore ?? this.#lastMeasuredAt)
    const insertPeriod = connection.prepare('INSERT OR IGNORE INTO period (period) VALUES (?)')
    for (const period of this.#periods) insertPeriod.run(period)
    markStale(connection, this.#keys.accounts.all)
    if (asOfBefore !== null && asOf > asOfBefore) markStaleByTime(connection, asOfBefore, asOf)
    refreshDerived(connection, asOf)
    connection
      .prepare(`UPDATE dataset SET as_of = ?, first_measured_at = min(coalesce(first_measured_at, ?), ?),
        measurement_count = measurement_count + ?`)
      .run(asOf, this.#firstMeasuredAt, this.#firstMeasuredAt, this.#upsert.counts.inserted)
    countTracked(connection)
  }
}
