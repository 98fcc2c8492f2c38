import type { AccountFilter, AccountOrder, AccountPosition } from '../../../domain/account.ts'
import { ALWAYS, allOf, beyond, type Fragment, orderBy, type Slice } from '../../keyset.ts'
import { accountCondition, bounds, onlyCategory } from './account-filter.ts'
import { ACCOUNT_COLUMNS, growthColumn } from './account-row.ts'

/** Where a filtered and ordered list of accounts is read from, and what orders it. */
export interface AccountSource {
  readonly from: string
  readonly condition: Fragment
  /** The order's value, or null when accountId alone decides. */
  readonly value: string | null
  readonly accountId: string
  /** Whether the value can be unknown; unknown ones come last in both directions. */
  readonly nullable: boolean
  readonly descending: boolean
}

export function accountSource(filter: AccountFilter, order: AccountOrder): AccountSource {
  const descending = order.direction === 'DESC'
  const category = order.field === 'SUBSCRIBER_COUNT' ? onlyCategory(filter.categories) : undefined
  if (category !== undefined) return { ...withinCategory(filter, category), nullable: false, descending }
  return {
    from: 'account a',
    condition: accountCondition(filter),
    value: orderValue(order),
    accountId: 'a.account_id',
    nullable: canBeUnknown(filter, order),
    descending,
  }
}

/** The memberships of one category are kept in the order of the newest count: the page is a walk of them. */
function withinCategory(filter: AccountFilter, category: string) {
  const { measuredAt, growth } = filter
  return {
    from: 'account_category k CROSS JOIN account a ON a.id = k.account',
    condition: allOf([membership(filter, category), accountCondition({ measuredAt, growth })]),
    value: 'k.subscriber_count',
    accountId: 'k.account_id',
  }
}

function membership({ subscriberCount }: AccountFilter, category: string): Fragment {
  const member: Fragment = { sql: 'k.category = (SELECT id FROM category WHERE folded = ?)', values: [category] }
  return allOf([member, ...bounds('k.subscriber_count', subscriberCount)])
}

/** What is counted to know how many accounts there are: the memberships alone, when they tell. */
export function countSource(filter: AccountFilter): Pick<AccountSource, 'from' | 'condition'> {
  const category = onlyCategory(filter.categories)
  const isTold = category !== undefined && filter.measuredAt === undefined && filter.growth === undefined
  if (isTold) return { from: 'account_category k', condition: membership(filter, category) }
  return accountSource(filter, { field: 'SUBSCRIBER_COUNT', direction: 'DESC' })
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

/**
 * The statements that read a slice, to be run in turn until it is full: accounts with a known value first, then the
 * unknown, or the other way round when reading backwards.
 */
export function sliceStatements(source: AccountSource, slice: Slice<AccountPosition>): Fragment[] {
  const known = () => segment(source, slice, 'known')
  const unknown = () => segment(source, slice, 'unknown')
  const segments = source.nullable ? [known(), unknown()] : [known()]
  const inTurn = slice.reverse ? segments.reverse() : segments
  return inTurn.filter(statement => statement !== null)
}

type Segment = 'known' | 'unknown'

function segment(source: AccountSource, slice: Slice<AccountPosition>, which: Segment): Fragment | null {
  const { value, accountId, nullable } = source
  const after = limit(source, slice.after, which, 'after')
  const before = limit(source, slice.before, which, 'before')
  if (after === null || before === null) return null
  const columns = which === 'known' && value !== null ? [value, accountId] : [accountId]
  const presence = nullable ? [{ sql: `${value} IS ${which === 'known' ? 'NOT NULL' : 'NULL'}`, values: [] }] : []
  // Of several conditions on a column SQLite seeks to the first, and a page deep in the list is near its cursor.
  const where = allOf([after, before, source.condition, ...presence])
  const order = orderBy(columns, source.descending !== slice.reverse)
  return {
    sql: `SELECT ${ACCOUNT_COLUMNS} FROM ${source.from} WHERE ${where.sql} ORDER BY ${order} LIMIT ?`,
    values: where.values,
  }
}

/** What a position leaves of a segment: all (ALWAYS), a part, or nothing (null). */
function limit(
  { value, accountId, descending }: AccountSource,
  position: AccountPosition | undefined,
  which: Segment,
  side: 'after' | 'before',
): Fragment | null {
  if (!position) return ALWAYS
  const operator = (side === 'after') !== descending ? '>' : '<'
  if (value === null) return beyond([accountId], operator, [position.accountId])
  const at: Segment = position.value === null ? 'unknown' : 'known'
  if (at !== which) return (at === 'known') === (side === 'after') ? ALWAYS : null
  if (position.value === null) return beyond([accountId], operator, [position.accountId])
  return beyond([value, accountId], operator, [position.value, position.accountId])
}
