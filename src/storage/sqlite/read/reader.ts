import type { Statement } from 'better-sqlite3'
import type { Account, AccountFilter, AccountOrder, AccountPosition } from '../../../domain/account.ts'
import type { GrowthKind } from '../../../domain/growth.ts'
import type { TimeRange } from '../../../domain/measurement.ts'
import type { PageRequest } from '../../../domain/page.ts'
import type { Dataset, IngestionPosition, Reader } from '../../../domain/reader.ts'
import { type AccountCountPlan, type AccountListPlan, planAccountCount, planAccountList } from '../../account-list.ts'
import { type Connection, openConnection } from '../connection/connection.ts'
import { corruptionError } from '../connection/errors.ts'
import * as accounts from './accounts.ts'
import * as ledger from './ledger.ts'
import * as measurements from './measurements.ts'
import { Statements } from './statements.ts'

const DATASET = `
  SELECT as_of AS asOf, first_measured_at AS firstMeasuredAt, measurement_count AS measurementCount,
    account_count AS accountCount,
    (SELECT public_id FROM ingestion WHERE status = 'SUCCEEDED' AND dry_run = 0 ORDER BY id DESC LIMIT 1) AS lastIngestionId
  FROM dataset`

/**
 * Reads the database over one read-only connection. Every method has finished its statements when it returns, because
 * an open statement keeps the write-ahead log from being truncated.
 */
export class SqliteReader implements Reader {
  readonly #connection: Connection
  readonly #statements: Statements
  readonly #ledger: ledger.LedgerReader
  readonly #dataVersion: Statement

  /** @param sortsInFiles sorts in temporary files, and so in little memory */
  constructor(path: string, { sortsInFiles = false } = {}) {
    this.#connection = openConnection(path, { readonly: true })
    if (sortsInFiles) this.#connection.pragma('temp_store = FILE')
    this.#statements = new Statements(this.#connection)
    this.#ledger = new ledger.LedgerReader(this.#connection)
    this.#dataVersion = this.#connection.prepare('PRAGMA data_version').pluck()
  }

  async account(accountId: string) {
    return accounts.selectAccount(this.#statements, accountId)
  }

  async accounts(filter: AccountFilter, order: AccountOrder, page: PageRequest<AccountPosition>) {
    return this.readList(this.planList(filter, order), page)
  }

  /** Returns what the list costs and how `readList` reads it. */
  planList(filter: AccountFilter, order: AccountOrder): AccountListPlan {
    return planAccountList(filter, order, accounts.SQLITE)
  }

  async readList(plan: AccountListPlan, page: PageRequest<AccountPosition>) {
    return accounts.selectAccounts(this.#statements, plan, page)
  }

  /**
   * Calls `use` with the whole list and the figures of the same state of the database. `use` must have read the list when
   * it returns. Meanwhile the write-ahead log cannot be truncated.
   *
   * @param kind the only growth that the accounts can compute
   */
  wholeList<Result>(
    filter: AccountFilter,
    order: AccountOrder,
    kind: GrowthKind,
    use: (accounts: Iterable<Account>, dataset: Dataset) => Result,
  ): Result {
    const read = () => {
      const dataset = this.#statements.get<Dataset>({ sql: DATASET, values: [] })!
      return use(accounts.eachAccount(this.#statements, filter, order, kind), dataset)
    }
    try {
      return this.#statements.inTransaction(read)
    } catch (error) {
      throw corruptionError(error, this.#connection.name)
    }
  }

  async countAccounts(filter: AccountFilter) {
    return this.readCount(this.planCount(filter))
  }

  planCount(filter: AccountFilter): AccountCountPlan {
    return planAccountCount(filter, accounts.SQLITE)
  }

  async readCount(plan: AccountCountPlan) {
    return accounts.countAccounts(this.#statements, plan)
  }

  async categories() {
    return accounts.selectCategories(this.#statements)
  }

  async growthCoverage(kind: GrowthKind) {
    return accounts.growthCoverage(this.#statements, kind)
  }

  async measurements(accountId: string, range: TimeRange, page: PageRequest<number>) {
    return measurements.selectMeasurements(this.#statements, accountId, range, page)
  }

  async countMeasurements(accountId: string, range: TimeRange) {
    return measurements.countMeasurements(this.#statements, accountId, range)
  }

  async measurement(accountId: string, measuredAt: number) {
    return measurements.selectMeasurement(this.#statements, accountId, measuredAt)
  }

  async history(accountId: string, range: TimeRange) {
    return measurements.selectHistory(this.#statements, accountId, range)
  }

  async dataset() {
    return this.#statements.get<Dataset>({ sql: DATASET, values: [] })!
  }

  async ingestion(id: string) {
    return this.#ledger.find(id)
  }

  async findIngested(sha256: string) {
    return this.#ledger.findSucceeded(sha256)
  }

  async ingestions(page: PageRequest<IngestionPosition>) {
    return ledger.selectIngestions(this.#statements, this.#ledger, page)
  }

  async countIngestions() {
    return ledger.countIngestions(this.#statements)
  }

  async rejectedRows(ingestionId: string, page: PageRequest<number>) {
    return ledger.selectRejectedRows(this.#statements, ingestionId, page)
  }

  async countRejectedRows(ingestionId: string) {
    return ledger.countRejectedRows(this.#statements, ingestionId)
  }

  /** Returns another number than before when any process has committed in between. */
  dataVersion(): number {
    return this.#dataVersion.get() as number
  }

  close(): void {
    this.#connection.close()
  }
}
