import type { AccountFilter, AccountOrder } from '../../../domain/account.ts'
import { allOf, type Fragment } from '../../keyset.ts'
import { accountConditions, bounds, type Condition, onlyCategory, TRACKED } from './account-filter.ts'
import { growthColumn } from './account-row.ts'

/** Filtered accounts in an order. */
export interface AccountList {
  readonly from: string
  readonly conditions: readonly Condition[]
  /** The order's value, or null when accountId alone decides. */
  readonly value: string | null
  readonly accountId: string
  /** Whether the value can be unknown; unknown ones come last in both directions. */
  readonly nullable: boolean
  readonly descending: boolean
}

/** A list that an index keeps in order. */
export interface Walk extends AccountList {
  /** What the index alone is read from. */
  readonly index: string
  /** Conditions that the index cannot tell of: some accounts are looked at in vain. */
  readonly rest: readonly Condition[]
}

/** How a list of accounts can be read. The scan looks at all of them; of the planner's own choices some take ten times as long. */
export interface AccountSource {
  readonly walk: Walk | null
  readonly scan: AccountList
}

export function accountSource(filter: AccountFilter, order: AccountOrder): AccountSource {
  const list: AccountList = {
    from: 'account a',
    conditions: accountConditions(filter),
    value: orderValue(order),
    accountId: 'a.account_id',
    nullable: canBeUnknown(filter, order),
    descending: order.direction === 'DESC',
  }
  const scan = { ...list, from: 'account a NOT INDEXED', conditions: [...list.conditions, TRACKED] }
  const index = indexOf(order)
  return { walk: index === null ? null : (withinCategory(filter, order, list) ?? alongIndex(list, index)), scan }
}

/** The index that keeps an order. It is named in the statement: the planner likes to take another, and to sort. */
function indexOf(order: AccountOrder): string | null {
  switch (order.field) {
    case 'SUBSCRIBER_COUNT':
      return 'account_by_subscriber_count'
    case 'MEASURED_AT':
      return 'account_by_measured_at'
    case 'ACCOUNT_ID':
      return 'account_by_account_id'
    case 'GROWTH_PERCENT':
      return order.growth.baseline === 'FIRST_IN_WINDOW'
        ? `account_by_${order.growth.window.toLowerCase()}_percent`
        : null
    case 'GROWTH_ABSOLUTE':
      return null
  }
}

/** Counts the entries of an index where one tells enough, and else looks at all accounts. */
export function countStatement(filter: AccountFilter): Fragment {
  const { growth } = filter
  const orders: AccountOrder[] = [
    { field: 'SUBSCRIBER_COUNT', direction: 'DESC' },
    { field: 'MEASURED_AT', direction: 'DESC' },
    ...(growth ? [{ field: 'GROWTH_PERCENT', direction: 'DESC', growth } as const] : []),
  ]
  const walk = orders.map(order => accountSource(filter, order).walk).find(found => found?.rest.length === 0)
  const { from, conditions } = walk ? { ...walk, from: walk.index } : accountSource(filter, orders[0]!).scan
  const where = allOf(conditions)
  return { sql: `SELECT count(*) AS count FROM ${from} WHERE ${where.sql}`, values: where.values }
}

/**
 * Of several bounds on one side SQLite seeks to the one that stands first and reads past the others. So those of the
 * filter come before the one that all lists have.
 */
function alongIndex(list: AccountList, index: string): Walk {
  const from = `account a INDEXED BY ${index}`
  const own = list.conditions.filter(({ on }) => on === list.value)
  const rest = list.conditions.filter(({ on }) => on !== list.value)
  // The index of account ids has the untracked accounts in it.
  if (list.value === null) return { ...list, from, index: from, conditions: [], rest: [...rest, TRACKED] }
  return { ...list, from, index: from, conditions: [...own, TRACKED], rest }
}

/** The memberships of one category, which only tracked accounts have, are kept in the order of the newest count. */
function withinCategory(filter: AccountFilter, order: AccountOrder, list: AccountList): Walk | undefined {
  const category = order.field === 'SUBSCRIBER_COUNT' ? onlyCategory(filter.categories) : undefined
  if (category === undefined) return undefined
  const { categories: _, subscriberCount, ...rest } = filter
  const member = {
    on: 'k.category',
    sql: 'k.category = (SELECT id FROM category WHERE folded = ?)',
    values: [category],
  }
  return {
    ...list,
    from: 'account_category k CROSS JOIN account a ON a.id = k.account',
    index: 'account_category k',
    conditions: [member, ...bounds('k.subscriber_count', subscriberCount)],
    rest: accountConditions(rest),
    value: 'k.subscriber_count',
    accountId: 'k.account_id',
  }
}

/** Whether the filter lets accounts through whose value is unknown. */
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
