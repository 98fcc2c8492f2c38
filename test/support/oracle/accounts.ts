/** Filters and orders of accounts by the letter of docs/rules.md, "Filters and orders". */
import type { AccountFilter, AccountOrder, Bounds, CategoryFilter, GrowthFilter } from '../../../src/domain/account.ts'
import type { Growth, GrowthKind } from '../../../src/domain/growth.ts'
import { fold, nameOf } from './normalise.ts'

/** An account on its way through a filter and an order: with every growth, not only the one that is shown. */
export interface Candidate {
  readonly accountId: string
  readonly subscriberCount: number
  readonly measuredAt: number
  readonly categories: readonly string[]
  growth(kind: GrowthKind): Growth
}

/** All conditions must hold; a missing or null one is none. */
export function matches(account: Candidate, filter: AccountFilter): boolean {
  if (filter.categories && !inCategories(account.categories, filter.categories)) return false
  if (filter.subscriberCount && !within(account.subscriberCount, filter.subscriberCount)) return false
  if (filter.measuredAt && !within(account.measuredAt, filter.measuredAt)) return false
  if (filter.growth && !grew(account.growth(filter.growth), filter.growth)) return false
  return true
}

function inCategories(names: readonly string[], { anyOf, allOf, noneOf }: CategoryFilter): boolean {
  const has = (wanted: string) => names.some(name => fold(name) === fold(nameOf(wanted)))
  if (anyOf && !anyOf.some(has)) return false
  if (allOf && !allOf.every(has)) return false
  if (noneOf?.some(has)) return false
  return true
}

function grew(growth: Growth, { percent, absolute }: GrowthFilter): boolean {
  if (!hasBound(percent) && !hasBound(absolute)) return growth.percent !== null
  if (hasBound(percent) && (growth.percent === null || !within(growth.percent, percent!))) return false
  if (hasBound(absolute) && (growth.absolute === null || !within(growth.absolute, absolute!))) return false
  return true
}

function hasBound(bounds: Bounds | null | undefined): boolean {
  return bounds != null && [bounds.gt, bounds.gte, bounds.lt, bounds.lte].some(isGiven)
}

function within(value: number, { gt, gte, lt, lte }: Bounds): boolean {
  if (isGiven(gt) && !(value > gt)) return false
  if (isGiven(gte) && !(value >= gte)) return false
  if (isGiven(lt) && !(value < lt)) return false
  if (isGiven(lte) && !(value <= lte)) return false
  return true
}

/** A null bound, which a client may send, is no bound. */
function isGiven<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null
}

/** For `Array.sort`: unknown values last in both directions, equals by accountId in the order's own direction. */
export function compareIn(order: AccountOrder): (a: Candidate, b: Candidate) => number {
  const sign = order.direction === 'ASC' ? 1 : -1
  return (a, b) => {
    const [left, right] = [sortValue(a, order), sortValue(b, order)]
    if (left === null && right !== null) return 1
    if (left !== null && right === null) return -1
    if (left !== null && right !== null && left !== right) return left < right ? -sign : sign
    return a.accountId < b.accountId ? -sign : sign
  }
}

function sortValue(account: Candidate, order: AccountOrder): number | null {
  if (order.field === 'SUBSCRIBER_COUNT') return account.subscriberCount
  if (order.field === 'MEASURED_AT') return account.measuredAt
  if (order.field === 'GROWTH_PERCENT') return account.growth(order.growth).percent
  if (order.field === 'GROWTH_ABSOLUTE') return account.growth(order.growth).absolute
  return null
}
