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
import { Block, sortedOrder } from './block.ts'
import { Interning } from './keys.ts'
import { type IngestionEnd, LedgerWriter } from './ledger.ts'
import { Upsert } from './upsert.ts'

/** A block with fewer rows waits for more, even at the end of a period. */
const WORTH_WRITING_ROWS = 1 << 16

/** One file's transaction, begun by the loader. Gives back the lock when it is over. */
export class SqliteLoad implements Load {
  readonly #connection: Connection
  readonly #lock: Lock
  readonly #id: string
  readonly #isDryRun: boolean
  readonly #key: number
  readonly #interning: Interning
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

  constructor(connection: Connection, lock: Lock, { id, dryRun }: IngestionIdentity, key: number) {
    this.#connection = connection
    this.#lock = lock
    this.#id = id
    this.#isDryRun = dryRun
    this.#key = key
    this.#interning = new Interning(connection, key)
    this.#upsert = new Upsert(connection, key)
  }

  async write(batch: MeasurementBatch): Promise<void> {
    try {
      this.#take(batch)
    } catch (error) {
      throw databaseError(error, this.#connection.name)
    }
  }

  #take(batch: MeasurementBatch): void {
    for (const accountId of batch.newAccountIds) this.#interning.addAccount(accountId)
    for (const names of batch.newCategorySets) this.#interning.addCategorySet(names)
    const { accounts, categorySets } = this.#interning
    for (let row = 0; row < batch.length; ) {
      const end = this.#enterPeriod(batch, row)
      while (row < end) {
        row = this.#block.take(batch, row, end, accounts.keys, categorySets.keys)
        if (this.#block.isFull) this.#writeBlock()
      }
    }
    this.#accepted += batch.length
  }

  /**
   * Looks at the rows from `start` that are of one period. When a file in time order enters a new one, the block holds
   * all of those before: written now, they go to the end of the table, while the next rows are being read.
   *
   * @returns the first row of another period
   */
  #enterPeriod({ measuredAt, length }: MeasurementBatch, start: number): number {
    const period = periodOf(measuredAt[start]!)
    if (period > this.#newestPeriod && this.#block.length >= WORTH_WRITING_ROWS) this.#writeBlock()
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
    this.#upsert.write(this.#block, sortedOrder(this.#block))
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
    await this.#finish()
    return ingestion
  }

  #commit(rows: { rowsTotal: number; rowsRead: number }): Ingestion {
    try {
      this.#writeBlock()
      this.#refresh()
      if (this.#isDryRun) this.#connection.exec('ROLLBACK; BEGIN IMMEDIATE')
      const { inserted, corrected } = this.#upsert.counts
      const unchanged = this.#accepted - inserted - corrected
      const created = { accountsCreated: this.#interning.accountsCreated, ...this.#span() }
      this.#end({ status: 'SUCCEEDED', finishedAt: Date.now(), ...rows, inserted, corrected, unchanged, ...created })
      // Read before the commit, because a failure after it would report committed data as failed.
      const ingestion = this.#stored()
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
      // The line stays RUNNING for the next holder of the lock to end.
      this.#lock.release()
      throw databaseError(cause, this.#connection.name)
    }
    await this.#finish()
    return this.#stored()
  }

  async #finish(): Promise<void> {
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
    new LedgerWriter(this.#connection).end(this.#key, { ...end, rejected }, report)
  }

  #stored(): Ingestion {
    return new LedgerReader(this.#connection).find(this.#id)!
  }

  /** Brings everything derived up to the measurements as they now stand. */
  #refresh(): void {
    if (this.#accepted === 0) return
    const dataset = this.#connection.prepare('SELECT as_of FROM dataset').pluck()
    const asOfBefore = dataset.get() as number | null
    const addPeriod = this.#connection.prepare('INSERT OR IGNORE INTO period (period) VALUES (?)')
    for (const period of this.#periods) addPeriod.run(period)
    markStale(this.#connection, this.#interning.accounts.used)
    if (asOfBefore !== null && this.#lastMeasuredAt > asOfBefore) {
      markStaleByTime(this.#connection, asOfBefore, this.#lastMeasuredAt)
    }
    const asOf = Math.max(this.#lastMeasuredAt, asOfBefore ?? this.#lastMeasuredAt)
    refreshDerived(this.#connection, asOf)
    this.#refreshDataset(asOf)
  }

  #refreshDataset(asOf: number): void {
    this.#connection
      .prepare(`UPDATE dataset SET as_of = ?, first_measured_at = min(coalesce(first_measured_at, ?), ?),
        measurement_count = measurement_count + ?`)
      .run(asOf, this.#firstMeasuredAt, this.#firstMeasuredAt, this.#upsert.counts.inserted)
    countTracked(this.#connection)
  }
}
