import type { AccountFilter, AccountOrder, GrowthFilter } from '../../../domain/account.ts'
import { onlyCategory } from './account-filter.ts'

/**
 * Whether a page of this list is a walk along one index from a position on: every row that is looked at is one of the
 * page, so that a page costs the same in any database. Whatever else is asked may have to look at every account.
 */
export function isIndexWalk(filter: AccountFilter, order: AccountOrder): boolean {
  const given = conditionsOf(filter)
  switch (order.field) {
    case 'SUBSCRIBER_COUNT':
      return (
        isWithin(given, ['subscriberCount', 'categories']) &&
        (filter.categories === undefined || onlyCategory(filter.categories) !== undefined)
      )
    case 'MEASURED_AT':
      return isWithin(given, ['measuredAt'])
    case 'ACCOUNT_ID':
      return given.length === 0
    case 'GROWTH_PERCENT':
      return (
        order.growth.baseline === 'FIRST_IN_WINDOW' && isWithin(given, ['growth']) && isOnPercent(filter.growth, order)
      )
    case 'GROWTH_ABSOLUTE':
      return false
  }
}

/** Whether the filter holds every account that is tracked, whose number is known. */
export function isEverything(filter: AccountFilter): boolean {
  return conditionsOf(filter).length === 0
}

function conditionsOf(filter: AccountFilter): string[] {
  return Object.entries(filter).flatMap(([name, condition]) => (condition === undefined ? [] : [name]))
}

function isWithin(given: readonly string[], served: readonly string[]): boolean {
  return given.every(name => served.includes(name))
}

function isOnPercent(
  filter: GrowthFilter | undefined,
  order: AccountOrder & { field: 'GROWTH_PERCENT' | 'GROWTH_ABSOLUTE' },
) {
  if (!filter) return true
  const { window, baseline } = order.growth
  return filter.window === window && filter.baseline === baseline && filter.absolute === undefined
}
