import type { Account, AccountFilter, AccountOrder, AccountPosition, Category } from '../domain/account.ts'
import type { GrowthCoverage, GrowthKind } from '../domain/growth.ts'
import type { InstantRange } from '../domain/measurement.ts'
import type { Page, PageRequest } from '../domain/page.ts'
import type { IngestionPosition, Reader } from '../domain/store.ts'
import { SelectedAccount } from '../storage/sqlite/read/account-row.ts'
import { isEverything, isIndexWalk } from '../storage/sqlite/read/index-walk.ts'
import type { ReaderPool } from './reader-pool.ts'

/**
 * Answers at once what is a walk of one index, and has everything that may look at every account read elsewhere, where
 * it holds up nobody and can be ended.
 */
export class OffloadingReader implements Reader {
  readonly #here: Reader
  readonly #elsewhere: ReaderPool

  constructor(here: Reader, elsewhere: ReaderPool) {
    this.#here = here
    this.#elsewhere = elsewhere
  }

  async accounts(
    filter: AccountFilter,
    order: AccountOrder,
    page: PageRequest<AccountPosition>,
  ): Promise<Page<Account>> {
    if (isIndexWalk(filter, order)) return this.#here.accounts(filter, order, page)
    const { items, ...flags } = await this.#elsewhere.read<'accounts'>({ type: 'accounts', filter, order, page })
    return { ...flags, items: items.map(row => new SelectedAccount(row)) }
  }

  countAccounts(filter: AccountFilter): Promise<number> {
    if (isEverything(filter)) return this.#here.countAccounts(filter)
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

  measurements(accountId: string, range: InstantRange, page: PageRequest<number>) {
    return this.#here.measurements(accountId, range, page)
  }

  countMeasurements(accountId: string, range: InstantRange) {
    return this.#here.countMeasurements(accountId, range)
  }

  measurement(accountId: string, measuredAt: number) {
    return this.#here.measurement(accountId, measuredAt)
  }

  history(accountId: string, range: InstantRange) {
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
