import {
  type AccountFilter,
  type AccountOrder,
  type AccountPosition,
  type Category,
  positionOf,
  TRACKED_ABOVE,
} from '../../../domain/account.ts'
import type { GrowthCoverage, GrowthKind } from '../../../domain/growth.ts'
import type { Page, PageRequest } from '../../../domain/page.ts'
import type { Dialect } from '../../account-conditions.ts'
import { type AccountCountPlan, type AccountListPlan, planAccountList } from '../../account-list.ts'
import { type GrowthWindows, growthColumn, growthWindows } from '../../growth-windows.ts'
import { type Between, paginate, type Slice } from '../../keyset.ts'
import { countStatement, readSlice, wholeListStatements } from './account-pages.ts'
import { AccountColumns, AccountOfRow, type AccountRow, ALL_ACCOUNT_COLUMNS, accountsOf } from './account-rows.ts'
import type { Statements } from './statements.ts'

export const SQLITE: Dialect = { jsonTexts: 'SELECT value FROM json_each(?)' }

const ACCOUNT = `SELECT ${ALL_ACCOUNT_COLUMNS.sql} FROM account a
  WHERE a.account_id = ? AND a.subscriber_count > ${TRACKED_ABOVE}`

export function selectAccount(statements: Statements, accountId: string): AccountOfRow | null {
  const rows = statements.arrays<AccountRow>({ sql: ACCOUNT, values: [accountId] })
  return accountsOf(rows)[0] ?? null
}

export function selectAccounts(
  statements: Statements,
  plan: AccountListPlan,
  request: PageRequest<AccountPosition>,
): Page<AccountOfRow> {
  const read = (slice: Slice<AccountPosition>) => accountsOf(readSlice(statements, plan, slice))
  const exists = (between: Between<AccountPosition>) =>
    readSlice(statements, plan, { ...between, reverse: false, limit: 1, existsOnly: true }).length > 0
  return statements.inTransaction(() =>
    paginate<AccountOfRow, AccountPosition>(read, account => positionOf(account, plan.order), request, exists),
  )
}

/**
 * Iterates over the whole list. The accounts know no other growth than that of `kind`: to read the other columns would
 * be three quarters of the work.
 */
export function* eachAccount(statements: Statements, filter: AccountFilter, order: AccountOrder, kind: GrowthKind) {
  const columns = new AccountColumns([kind])
  let windows: GrowthWindows | undefined
  for (const statement of wholeListStatements(planAccountList(filter, order, SQLITE), columns)) {
    for (const row of statements.iterateArrays<AccountRow>(statement)) {
      windows ??= growthWindows(row[4])
      yield new AccountOfRow(row, columns, windows)
    }
  }
}

const TRACKED_COUNT = { sql: 'SELECT account_count AS count FROM dataset', values: [] }

export function countAccounts(statements: Statements, plan: AccountCountPlan): number {
  const statement = plan.cost === 'LOOKUP' ? TRACKED_COUNT : countStatement(plan)
  return statements.get<{ count: number }>(statement)!.count
}

/** SQLite sorts text by code point, and a category's folded form is its lower-case name. */
const CATEGORIES = `
  SELECT c.name, count(*) AS accountCount FROM category c JOIN account_category k ON k.category = c.id
  GROUP BY c.id ORDER BY c.folded`

export function selectCategories(statements: Statements): Category[] {
  return statements.all<Category>({ sql: CATEGORIES, values: [] })
}

/** Counts on the columns that an account's growth is computed from, so that the two always agree. */
export function growthCoverage(statements: Statements, kind: GrowthKind): GrowthCoverage {
  return statements.inTransaction(() => {
    const { asOf } = statements.get<{ asOf: number | null }>({ sql: 'SELECT as_of AS asOf FROM dataset', values: [] })!
    const opensAt = asOf === null ? 0 : growthWindows(asOf)[kind.window].opensAt
    const baseline = `${growthColumn(kind)}_count`
    const sql = `
      SELECT count(*) FILTER (WHERE ${baseline} > 0) AS known,
        count(*) FILTER (WHERE measured_at < ?) AS noRecentMeasurement,
        count(*) FILTER (WHERE measured_at >= ? AND ${baseline} IS NULL) AS noBaseline,
        count(*) FILTER (WHERE ${baseline} = 0) AS zeroBaseline
      FROM account NOT INDEXED WHERE subscriber_count > ${TRACKED_ABOVE}`
    return statements.get<GrowthCoverage>({ sql, values: [opensAt, opensAt] })!
  })
}
