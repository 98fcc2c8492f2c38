import {
  type AccountFilter,
  type Bounds,
  type CategoryFilter,
  type GrowthFilter,
  TRACKED_ABOVE,
} from '../domain/account.ts'
import { foldCategory } from '../domain/category.ts'
import { growthColumn } from './growth-windows.ts'
import type { Fragment } from './keyset.ts'

/** The part of SQL that engines write differently. */
export interface Dialect {
  /** A subquery that returns the texts of one JSON array, given as a placeholder. */
  readonly jsonTexts: string
}

/** A condition, and the expression that it restricts. */
export interface Condition extends Fragment {
  readonly on: string
}

/** Written out, so that the planner of the database finds that the partial indexes serve. */
export const TRACKED: Condition = { on: 'a.subscriber_count', sql: `a.subscriber_count > ${TRACKED_ABOVE}`, values: [] }

/** The filter as conditions on `account a`, without TRACKED: docs/rules.md, "Filters and orders". */
export function accountConditions(filter: AccountFilter, dialect: Dialect): Condition[] {
  return [
    ...bounds('a.subscriber_count', filter.subscriberCount),
    ...bounds('a.measured_at', filter.measuredAt),
    ...growthConditions(filter.growth),
    ...categoryConditions(filter.categories, dialect),
  ]
}

const OPERATORS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

export function bounds(expression: string, limits: Bounds | undefined): Condition[] {
  return Object.entries(OPERATORS).flatMap(([name, operator]) => {
    const value = limits?.[name as keyof Bounds]
    return value === undefined ? [] : [{ on: expression, sql: `${expression} ${operator} ?`, values: [value] }]
  })
}

function growthConditions(filter: GrowthFilter | undefined): Condition[] {
  if (!filter) return []
  const name = growthColumn(filter)
  const percent = `a.${name}_percent`
  const conditions = [
    ...bounds(percent, filter.percent),
    ...bounds(`(a.subscriber_count - a.${name}_count)`, filter.absolute),
  ]
  return conditions.length > 0 ? conditions : [{ on: percent, sql: `${percent} IS NOT NULL`, values: [] }]
}

/**
 * Accounts are selected by their category set: there are few sets, and the database finds those that match once a
 * statement. The text does not depend on the number of names, because prepared statements are kept by their text.
 */
function categoryConditions(filter: CategoryFilter | undefined, dialect: Dialect): Condition[] {
  if (!filter) return []
  const { anyOf, allOf: every = [], noneOf = [] } = filter
  return [
    ...(every.length > 0 ? [inSets('IN', every, dialect, 'EVERY')] : []),
    ...(anyOf ? [inSets('IN', anyOf, dialect)] : []),
    ...(noneOf.length > 0 ? [inSets('NOT IN', noneOf, dialect)] : []),
  ]
}

function inSets(
  operator: 'IN' | 'NOT IN',
  names: readonly string[],
  { jsonTexts }: Dialect,
  match: 'ANY' | 'EVERY' = 'ANY',
): Condition {
  const distinct = [...new Set(names.map(foldCategory))]
  const all = match === 'EVERY' && distinct.length > 1
  const sets = `SELECT m.category_set FROM category_set_member m JOIN category c ON c.id = m.category
    WHERE c.folded IN (${jsonTexts})${all ? ' GROUP BY m.category_set HAVING count(*) = ?' : ''}`
  const values = [JSON.stringify(distinct), ...(all ? [distinct.length] : [])]
  return { on: 'a.category_set', sql: `a.category_set ${operator} (${sets})`, values }
}

/** The one category that the filter requires, when it has no other condition on categories. */
export function onlyCategory(filter: CategoryFilter | undefined): string | undefined {
  const { anyOf, allOf: every = [], noneOf = [] } = filter ?? {}
  const names = new Set([...(anyOf ?? []), ...every].map(foldCategory))
  const isOneCondition = names.size === 1 && noneOf.length === 0 && (anyOf === undefined || anyOf.length === 1)
  return isOneCondition ? [...names][0] : undefined
}
