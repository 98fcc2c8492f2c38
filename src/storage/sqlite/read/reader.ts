import type { Statement } from 'better-sqlite3'
import type { Account, AccountFilter, AccountOrder, AccountPosition } from '../../../domain/account.ts'
import type { GrowthKind } from '../../../domain/growth.ts'
import type { InstantRange } from '../../../domain/measurement.ts'
import type { PageRequest } from '../../../domain/page.ts'
import type { Dataset, IngestionPosition, Reader } from '../../../domain/store.ts'
import { type Connection, openConnection } from '../connection/connection.ts'
import { Ledger } from '../load/ledger.ts'
import * as accounts from './accounts.ts'
import * as ledgerLists from './ingestions.ts'
import * as measurements from './measurements.ts'
import { Statements } from './statements.ts'

const DATASET = `
  SELECT as_of AS asOf, first_measured_at AS firstMeasuredAt, measurement_count AS measurementCount,
    account_count AS accountCount,
    (SELECT public_id FROM ingestion WHERE status = 'SUCCEEDED' AND dry_run = 0 ORDER BY id DESC LIMIT 1) AS lastIngestionId
  FROM dataset`

/**
 * The way out, over one read-only connection. Every method is done with its statements when it returns: an open
 * reader would keep the write-ahead log from being truncated.
 */
export class SqliteReader implements Reader {
  readonly #connection: Connection
  readonly #statements: Statements
  readonly #ledger: Ledger
  readonly #dataVersion: Statement

  /** @param sortsInFiles whether what is sorted may spill into temporary files, and so take as little memory as it may */
  constructor(path: string, { sortsInFiles = false } = {}) {
    this.#connection = openConnection(path, { readonly: true })
    if (sortsInFiles) this.#connection.pragma('temp_store = FILE')
    this.#statements = new Statements(this.#connection)
    this.#ledger = new Ledger(this.#connection)
    this.#dataVersion = this.#connection.prepare('PRAGMA data_version').pluck()
  }

  async account(accountId: string) {
    return accounts.selectAccount(this.#statements, accountId)
  }

  async accounts(filter: AccountFilter, order: AccountOrder, page: PageRequest<AccountPosition>) {
    return accounts.selectAccounts(this.#statements, filter, order, page)
  }

  /**
   * Gives `use` a whole list, to be read to its end before it returns, and the figures of the same state. While it
   * reads, the write-ahead log cannot be truncated.
   *
   * @param kind the only growth that the accounts know
   */
  wholeList<Result>(
    filter: AccountFilter,
    order: AccountOrder,
    kind: GrowthKind,
    use: (accounts: Iterable<Account>, dataset: Dataset) => Result,
  ): Result {
    return this.#statements.consistently(() => {
      const dataset = this.#statements.get<Dataset>({ sql: DATASET, values: [] })!
      return use(accounts.eachAccount(this.#statements, filter, order, kind), dataset)
    })
  }

  async countAccounts(filter: AccountFilter) {
    return accounts.countAccounts(this.#statements, filter)
  }

  async categories() {
    return accounts.selectCategories(this.#statements)
  }

  async growthCoverage(kind: GrowthKind) {
    return accounts.growthCoverage(this.#statements, kind)
  }

  async measurements(accountId: string, range: InstantRange, page: PageRequest<number>) {
    return measurements.selectMeasurements(this.#statements, accountId, range, page)
  }

  async countMeasurements(accountId: string, range: InstantRange) {
    return measurements.countMeasurements(this.#statements, accountId, range)
  }

  async measurement(accountId: string, measuredAt: number) {
    return measurements.selectMeasurement(this.#statements, accountId, measuredAt)
  }

  async history(accountId: string, range: InstantRange) {
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
    return ledgerLists.selectIngestions(this.#statements, this.#ledger, page)
  }

  async countIngestions() {
    return ledgerLists.countIngestions(this.#statements)
  }

  async rejectedRows(ingestionId: string, page: PageRequest<number>) {
    return ledgerLists.selectRejectedRows(this.#statements, ingestionId, page)
  }

  async countRejectedRows(ingestionId: string) {
    return ledgerLists.countRejectedRows(this.#statements, ingestionId)
  }

  /**
   * Another number than before when something was committed in between, by any process. SQLite answers that to a
   * connection of the commits of others, and this one makes none.
   */
  dataVersion(): number {
    return this.#dataVersion.get() as number
  }

  close(): void {
    this.#connection.close()
  }
}
