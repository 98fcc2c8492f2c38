import type { AccountFilter, AccountOrder, AccountPosition, Category } from '../../domain/account.ts'
import type { GrowthCoverage, GrowthKind } from '../../domain/growth.ts'
import type { Page, PageRequest } from '../../domain/page.ts'
import { type AccountOfRow, accountsOf } from '../../storage/sqlite/read/account-rows.ts'
import { SqliteReader } from '../../storage/sqlite/read/reader.ts'
import type { ReaderPool } from './reader-pool.ts'

/**
 * Runs cheap reads on its own connection, and sends those that may read every account to a reader process, where they
 * delay no other request and can be killed.
 */
export class OffloadingReader extends SqliteReader {
  readonly #pool: ReaderPool

  constructor(databasePath: string, pool: ReaderPool) {
    super(databasePath)
    this.#pool = pool
  }

  override async accounts(
    filter: AccountFilter,
    order: AccountOrder,
    page: PageRequest<AccountPosition>,
  ): Promise<Page<AccountOfRow>> {
    const plan = this.planList(filter, order)
    if (plan.cost !== 'FULL_SCAN') return this.readList(plan, page)
    const { items, ...flags } = await this.#pool.read<'accounts'>({ type: 'accounts', filter, order, page })
    return { ...flags, items: accountsOf(items) }
  }

  override async countAccounts(filter: AccountFilter): Promise<number> {
    const plan = this.planCount(filter)
    if (plan.cost !== 'FULL_SCAN') return this.readCount(plan)
    return this.#pool.read<'countAccounts'>({ type: 'countAccounts', filter })
  }

  override async categories(): Promise<Category[]> {
    return this.#pool.read<'categories'>({ type: 'categories' })
  }

  override async growthCoverage(kind: GrowthKind): Promise<GrowthCoverage> {
    return this.#pool.read<'growthCoverage'>({ type: 'growthCoverage', kind })
  }
}
