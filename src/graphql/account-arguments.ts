import type { AccountFilter, AccountOrder, Bounds, CategoryFilter, GrowthFilter } from '../domain/account.ts'
import { foldCategory } from '../domain/category.ts'
import { AppError } from '../domain/errors.ts'
import { DEFAULT_GROWTH } from '../domain/growth.ts'
import type * as api from './generated.ts'

type Given<Input> = Input | null | undefined

/**
 * Returns the filter of `Query.accounts` in a canonical form: filters with the same meaning are equal as JSON. Null and
 * empty conditions are omitted, and category names are folded, deduplicated and sorted.
 *
 * @throws AppError BAD_USER_INPUT for too many names or a bound that is not finite
 */
export function accountFilter(input: Given<api.AccountFilter>): AccountFilter {
  return {
    categories: categoryFilter(input?.categories),
    subscriberCount: bounds(input?.subscriberCount),
    measuredAt: bounds(input?.measuredAt),
    growth: growthFilter(input?.growth),
  }
}

function categoryFilter(input: Given<api.CategoryFilter>): CategoryFilter | undefined {
  const anyOf = input?.anyOf ? distinctNames('anyOf', input.anyOf) : undefined
  const allOf = nonEmpty(distinctNames('allOf', input?.allOf))
  const noneOf = nonEmpty(distinctNames('noneOf', input?.noneOf))
  return anyOf || allOf || noneOf ? { anyOf, allOf, noneOf } : undefined
}

/** An SQL condition can contain that many. */
const MAX_NAMES = 500

function distinctNames(list: string, names: Given<readonly string[]>): readonly string[] {
  const folded = new Set((names ?? []).map(foldCategory))
  if (folded.size <= MAX_NAMES) return [...folded].sort()
  const message = `filter.categories.${list} has ${folded.size} names. Use at most ${MAX_NAMES}.`
  throw new AppError('BAD_USER_INPUT', message)
}

/** An empty list matches every account, except in `anyOf`. */
function nonEmpty(names: readonly string[]): readonly string[] | undefined {
  return names.length > 0 ? names : undefined
}

/** Without bounds, it still requires the percentage to be known. */
function growthFilter(input: Given<api.GrowthFilter>): GrowthFilter | undefined {
  if (!input) return undefined
  const { window, baseline } = { ...DEFAULT_GROWTH, ...input }
  return { window, baseline, percent: bounds(input.percent), absolute: bounds(input.absolute) }
}

const COMPARISONS = ['gt', 'gte', 'lt', 'lte'] as const

function bounds(input: Given<api.FloatFilter>): Bounds | undefined {
  const given = COMPARISONS.filter(comparison => input?.[comparison] != null)
  return given.length > 0
    ? Object.fromEntries(given.map(comparison => [comparison, finite(input![comparison]!)]))
    : undefined
}

/** GraphQL reads a literal such as 1e999 as Infinity. */
function finite(bound: number): number {
  if (Number.isFinite(bound)) return bound
  throw new AppError('BAD_USER_INPUT', 'A bound of the filter is too large for a Float. Omit the bound instead.')
}

const LARGEST_FIRST: AccountOrder = { field: 'SUBSCRIBER_COUNT', direction: 'DESC' }

/**
 * Returns the order of `Query.accounts`. The window and baseline default to those of the growth filter.
 *
 * @throws AppError BAD_USER_INPUT for a window or baseline with a field other than growth
 */
export function accountOrder(input: Given<api.AccountOrder>, { growth }: AccountFilter): AccountOrder {
  if (!input) return LARGEST_FIRST
  const { field, direction = 'DESC', window, baseline } = input
  if (field === 'GROWTH_PERCENT' || field === 'GROWTH_ABSOLUTE') {
    const inherited = growth ?? DEFAULT_GROWTH
    const kind = { window: window ?? inherited.window, baseline: baseline ?? inherited.baseline }
    return { field, direction, growth: kind }
  }
  const given = Object.entries({ window, baseline }).find(([, value]) => value != null)
  if (!given) return { field, direction }
  const advice = 'Omit it, or order by GROWTH_PERCENT or GROWTH_ABSOLUTE.'
  throw new AppError('BAD_USER_INPUT', `orderBy.${given[0]} does not apply to the order ${field}. ${advice}`)
}
