import type { AccountFilter, Bounds, CategoryFilter, GrowthFilter } from '../../domain/account.ts'
import { foldCategory } from '../../domain/category.ts'
import { AppError } from '../../domain/errors.ts'
import { DEFAULT_GROWTH } from '../../domain/growth.ts'
import type * as api from '../generated.ts'

type Given<Input> = Input | null | undefined

/**
 * The filter in one canonical form, so that filters that mean the same are equal as JSON: what is null or empty is left
 * out, and lists of names are folded, without repetition, and sorted.
 *
 * @throws AppError BAD_USER_INPUT when no database could be asked that
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

/** More than a person lists, and fewer than an SQL condition can hold. */
const MAX_NAMES = 500

function distinctNames(list: string, names: Given<readonly string[]>): readonly string[] {
  const folded = new Set((names ?? []).map(foldCategory))
  if (folded.size <= MAX_NAMES) return [...folded].sort()
  throw new AppError('BAD_USER_INPUT', `filter.categories.${list} has ${folded.size} names: give at most ${MAX_NAMES}.`)
}

/** An empty list is no condition, except in `anyOf`. */
function nonEmpty(names: readonly string[]): readonly string[] | undefined {
  return names.length > 0 ? names : undefined
}

/** Without bounds it is still a condition: the percentage must be known. */
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
  throw new AppError('BAD_USER_INPUT', 'A bound is too large for a number: leave it out instead.')
}
