import type { Account, AccountFilter, AccountOrder, AccountPosition, Category } from '../domain/account.ts'
import type { GrowthCoverage, GrowthKind } from '../domain/growth.ts'
import type { TimeRange } from '../domain/measurement.ts'
import type { Page, PageRequest } from '../domain/page.ts'
import type { IngestionPosition, Reader } from '../domain/reader.ts'
import { accountsOf } from '../storage/sqlite/read/account-rows.ts'
import type { SqliteReader } from '../storage/sqlite/read/reader.ts'
import type { ReaderPool } from './reader-pool.ts'

/**
 * Reads what costs the same in any database on the connection of the server, and sends what may read every account to a
 * reader process, where it delays no other request and can be killed.
 */
export class OffloadingReader implements Reader {
  readonly #here: SqliteReader
  readonly #elsewhere: ReaderPool

  constructor(here: SqliteReader, elsewhere: ReaderPool) {
    this.#here = here
    this.#elsewhere = elsewhere
  }

  async accounts(
    filter: AccountFilter,
    order: AccountOrder,
    page: PageRequest<AccountPosition>,
  ): Promise<Page<Account>> {
    const plan = this.#here.planList(filter, order)
    if (plan.cost !== 'FULL_SCAN') return this.#here.readList(plan, page)
    const { items, ...flags } = await this.#elsewhere.read<'accounts'>({ type: 'accounts', filter, order, page })
    return { ...flags, items: accountsOf(items) }
  }

  countAccounts(filter: AccountFilter): Promise<number> {
    const plan = this.#here.planCount(filter)
    if (plan.cost !== 'FULL_SCAN') return this.#here.readCount(plan)
    return this.#elsewhere.read<'countAccounts'>({ type: 'countAccounts', filter })
  }

  categories(): Promise<readonly Category[]> {
    return this.#elsewhere.read<'categories'>({ type: 'categories' })
  }

  growthCoverage(kind: GrowthKind): Promise<GrowthCoverage> {
    return this.#elsewhere.read<'growthCoverage'>({ type: 'growthCoverage', kind })
  }

  account(accountId: string) {
    return this.#here.account(accountId)
  }

  measurements(accountId: string, range: TimeRange, page: PageRequest<number>) {
    return this.#here.measurements(accountId, range, page)
  }

  countMeasurements(accountId: string, range: TimeRange) {
    return this.#here.countMeasurements(accountId, range)
  }

  measurement(accountId: string, measuredAt: number) {
    return this.#here.measurement(accountId, measuredAt)
  }

  history(accountId: string, range: TimeRange) {
    return this.#here.history(accountId, range)
  }

  dataset() {
    return this.#here.dataset()
  }

  ingestion(id: string) {
    return this.#here.ingestion(id)
  }

  ingestions(page: PageRequest<IngestionPosition>) {
    return this.#here.ingestions(page)
  }

  countIngestions() {
    return this.#here.countIngestions()
  }

  rejectedRows(ingestionId: string, page: PageRequest<number>) {
    return this.#here.rejectedRows(ingestionId, page)
  }

  countRejectedRows(ingestionId: string) {
    return this.#here.countRejectedRows(ingestionId)
  }
}
