import {
  type AccountFilter,
  type Bounds,
  type CategoryFilter,
  foldCategory,
  type GrowthFilter,
  TRACKED_ABOVE,
} from '../../../domain/account.ts'
import type { Fragment } from '../../keyset.ts'
import { growthColumn } from './account-row.ts'

/** A condition, and the expression that it is about. */
export interface Condition extends Fragment {
  readonly on: string
}

/** Written out, so that SQLite sees that the partial indexes serve. */
export const TRACKED: Condition = { on: 'a.subscriber_count', sql: `a.subscriber_count > ${TRACKED_ABOVE}`, values: [] }

/** The filter as conditions on `account a`, TRACKED apart: docs/rules.md, "Filters and orders". */
export function accountConditions(filter: AccountFilter): Condition[] {
  return [
    ...bounds('a.subscriber_count', filter.subscriberCount),
    ...bounds('a.measured_at', filter.measuredAt),
    ...growthConditions(filter.growth),
    ...categoryConditions(filter.categories),
  ]
}

const OPERATORS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

export function bounds(expression: string, given: Bounds | undefined): Condition[] {
  return Object.entries(OPERATORS).flatMap(([name, operator]) => {
    const value = given?.[name as keyof Bounds]
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

/** Accounts are told by their category set: there are few sets, and SQLite finds those that match once a query. */
const SETS_WITH = `SELECT m.category_set FROM category_set_member m JOIN category c ON c.id = m.category
  WHERE c.folded IN (SELECT value FROM json_each(?))`

/** Of the same text however many names there are, because statements are kept by it. */
const SETS_WITH_ALL = `${SETS_WITH} GROUP BY m.category_set HAVING count(*) = ?`

function categoryConditions(filter: CategoryFilter | undefined): Condition[] {
  if (!filter) return []
  const { anyOf, allOf: every = [], noneOf = [] } = filter
  const conditions = every.length > 0 ? [inSetsWithAll(every)] : []
  if (anyOf) conditions.push(inSets('IN', anyOf))
  if (noneOf.length > 0) conditions.push(inSets('NOT IN', noneOf))
  return conditions
}

function inSets(operator: 'IN' | 'NOT IN', names: readonly string[]): Condition {
  const values = [JSON.stringify(names.map(foldCategory))]
  return { on: 'a.category_set', sql: `a.category_set ${operator} (${SETS_WITH})`, values }
}

function inSetsWithAll(names: readonly string[]): Condition {
  const distinct = [...new Set(names.map(foldCategory))]
  if (distinct.length === 1) return inSets('IN', distinct)
  const values = [JSON.stringify(distinct), distinct.length]
  return { on: 'a.category_set', sql: `a.category_set IN (${SETS_WITH_ALL})`, values }
}

/** The one category that all accounts of the filter are in, if that is all that it says of categories. */
export function onlyCategory(filter: CategoryFilter | undefined): string | undefined {
  const { anyOf, allOf: every = [], noneOf = [] } = filter ?? {}
  const names = new Set([...(anyOf ?? []), ...every].map(foldCategory))
  const isOneCondition = names.size === 1 && noneOf.length === 0 && (anyOf === undefined || anyOf.length === 1)
  return isOneCondition ? [...names][0] : undefined
}
