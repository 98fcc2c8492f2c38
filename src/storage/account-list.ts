import type { AccountFilter, AccountOrder } from '../domain/account.ts'
import { accountConditions, bounds, type Condition, type Dialect, onlyCategory, TRACKED } from './account-conditions.ts'
import { growthColumn } from './growth-windows.ts'

/*
 * Plans how a list of accounts is read. The expressions are SQL on `account a`, and on `account_category k` for a list
 * within one category. The engine writes the statements, and names the index in its own way.
 */

/**
 * What a read costs. `LOOKUP` and `INDEX_WALK` cost the same in any database: a page that is an index walk reads only
 * the rows that it returns. `FULL_SCAN` may read every account.
 */
export type ReadCost = 'LOOKUP' | 'INDEX_WALK' | 'FULL_SCAN'

/** One way to read the accounts that match a filter, in an order. */
export interface AccountWalk {
  /** An index of `account`, or `account_category`, that returns them in order. Null reads every account, and sorts. */
  readonly index: string | null
  /** The conditions that the index answers. */
  readonly conditions: readonly Condition[]
  /** The other conditions: the walk reads accounts that it does not return. */
  readonly rest: readonly Condition[]
  /** The expression that the order compares first; null when accountId alone decides. */
  readonly value: string | null
  readonly accountId: string
  /** Whether the value can be unknown. Unknown values come last in both directions. */
  readonly nullable: boolean
  readonly descending: boolean
}

export interface AccountListPlan {
  readonly order: AccountOrder
  readonly cost: ReadCost
  /** Null when no index returns the accounts in this order. */
  readonly walk: AccountWalk | null
  readonly scan: AccountWalk
}

/** Plans the list of accounts that match `filter`, in `order`: docs/rules.md, "Filters and orders". */
export function planAccountList(filter: AccountFilter, order: AccountOrder, dialect: Dialect): AccountListPlan {
  const conditions = accountConditions(filter, dialect)
  const scan: AccountWalk = {
    index: null,
    conditions: [...conditions, TRACKED],
    rest: [],
    value: orderValue(order),
    accountId: 'a.account_id',
    nullable: canBeUnknown(filter, order),
    descending: order.direction === 'DESC',
  }
  const index = indexInOrder(order)
  const walk =
    index === null ? null : (walkWithinCategory(filter, order, scan, dialect) ?? walkAlong(index, conditions, scan))
  // The index of account ids also holds untracked accounts: a walk passes over them.
  const isExact = walk?.rest.every(condition => condition === TRACKED) ?? false
  return { order, cost: isExact ? 'INDEX_WALK' : 'FULL_SCAN', walk, scan }
}

export interface AccountCountPlan {
  readonly cost: ReadCost
  /** The entries of one index to count; null where `conditions` need the accounts themselves. */
  readonly index: string | null
  readonly conditions: readonly Condition[]
}

/** Plans the count of the accounts that match `filter`. `LOOKUP` means that `dataset` holds it. */
export function planAccountCount(filter: AccountFilter, dialect: Dialect): AccountCountPlan {
  const { growth } = filter
  const orders: AccountOrder[] = [
    { field: 'SUBSCRIBER_COUNT', direction: 'DESC' },
    { field: 'MEASURED_AT', direction: 'DESC' },
    ...(growth ? [{ field: 'GROWTH_PERCENT', direction: 'DESC', growth } as const] : []),
  ]
  const plans = orders.map(order => planAccountList(filter, order, dialect))
  const walk = plans.map(plan => plan.walk).find(found => found?.rest.length === 0) ?? null
  const { scan } = plans[0]!
  const { conditions } = walk ?? scan
  const isUnfiltered = scan.conditions.length === 1
  return { cost: isUnfiltered ? 'LOOKUP' : 'FULL_SCAN', index: walk?.index ?? null, conditions }
}

function indexInOrder(order: AccountOrder): string | null {
  switch (order.field) {
    case 'SUBSCRIBER_COUNT':
      return 'account_by_subscriber_count'
    case 'MEASURED_AT':
      return 'account_by_measured_at'
    case 'ACCOUNT_ID':
      return 'account_by_account_id'
    case 'GROWTH_PERCENT': {
      const { window, baseline } = order.growth
      return baseline === 'FIRST_IN_WINDOW' ? `account_by_${window.toLowerCase()}_percent` : null
    }
    case 'GROWTH_ABSOLUTE':
      return null
  }
}

/**
 * SQLite seeks to the first of several bounds on one side and reads past the others, so the filter's bounds come before
 * the one that all lists have.
 */
function walkAlong(index: string, conditions: readonly Condition[], scan: AccountWalk): AccountWalk {
  const own = conditions.filter(({ on }) => on === scan.value)
  const rest = conditions.filter(({ on }) => on !== scan.value)
  if (scan.value === null) return { ...scan, index, conditions: [], rest: [...rest, TRACKED] }
  return { ...scan, index, conditions: [...own, TRACKED], rest }
}

/** `account_category` holds only tracked accounts, within each category in the order of the newest count. */
function walkWithinCategory(
  filter: AccountFilter,
  order: AccountOrder,
  scan: AccountWalk,
  dialect: Dialect,
): AccountWalk | undefined {
  const category = order.field === 'SUBSCRIBER_COUNT' ? onlyCategory(filter.categories) : undefined
  if (category === undefined) return undefined
  const { categories: _, subscriberCount, ...rest } = filter
  const sql = 'k.category = (SELECT id FROM category WHERE folded = ?)'
  return {
    ...scan,
    index: 'account_category',
    conditions: [{ on: 'k.category', sql, values: [category] }, ...bounds('k.subscriber_count', subscriberCount)],
    rest: accountConditions(rest, dialect),
    value: 'k.subscriber_count',
    accountId: 'k.account_id',
  }
}

/** Whether the filter matches accounts whose value in this order is unknown. */
function canBeUnknown({ growth }: AccountFilter, order: AccountOrder): boolean {
  if (order.field !== 'GROWTH_PERCENT' && order.field !== 'GROWTH_ABSOLUTE') return false
  if (growth?.window !== order.growth.window || growth.baseline !== order.growth.baseline) return true
  const isOnAbsoluteAlone = bounds('', growth.percent).length === 0 && bounds('', growth.absolute).length > 0
  return order.field === 'GROWTH_PERCENT' && isOnAbsoluteAlone
}

function orderValue(order: AccountOrder): string | null {
  switch (order.field) {
    case 'SUBSCRIBER_COUNT':
      return 'a.subscriber_count'
    case 'MEASURED_AT':
      return 'a.measured_at'
    case 'ACCOUNT_ID':
      return null
    case 'GROWTH_PERCENT':
      return `a.${growthColumn(order.growth)}_percent`
    case 'GROWTH_ABSOLUTE':
      return `(a.subscriber_count - a.${growthColumn(order.growth)}_count)`
  }
}
