import type { Growth, GrowthKind } from './growth.ts'
import type { Point } from './measurement.ts'

/** The API shows tracked accounts: those whose newest stored count is above this. */
export const TRACKED_ABOVE = 1000

/** A tracked account. */
export interface Account {
  readonly accountId: string
  /** The categories of the newest measurement, sorted by lower-case name, in the spelling seen first. */
  readonly categories: readonly string[]
  readonly newest: Point
  growth(kind: GrowthKind): Growth
}

export interface Category {
  readonly name: string
  readonly accountCount: number
}

export interface Bounds {
  readonly gt?: number | undefined
  readonly gte?: number | undefined
  readonly lt?: number | undefined
  readonly lte?: number | undefined
}

/** Conditions on the account's categories, compared case-insensitively. `anyOf: []` matches nothing; undefined matches all. */
export interface CategoryFilter {
  readonly anyOf?: readonly string[] | undefined
  readonly allOf?: readonly string[] | undefined
  readonly noneOf?: readonly string[] | undefined
}

/** Without bounds, it matches the accounts whose percentage is known. */
export interface GrowthFilter extends GrowthKind {
  readonly percent?: Bounds | undefined
  readonly absolute?: Bounds | undefined
}

/** All conditions must hold. */
export interface AccountFilter {
  readonly categories?: CategoryFilter | undefined
  readonly subscriberCount?: Bounds | undefined
  readonly measuredAt?: Bounds | undefined
  readonly growth?: GrowthFilter | undefined
}

export type AccountOrderField = 'SUBSCRIBER_COUNT' | 'GROWTH_PERCENT' | 'GROWTH_ABSOLUTE' | 'MEASURED_AT' | 'ACCOUNT_ID'
export type SortDirection = 'ASC' | 'DESC'

/** Ties are ordered by accountId in the same direction. Unknown values come last in both directions. */
export type AccountOrder = { readonly direction: SortDirection } & (
  | { readonly field: 'SUBSCRIBER_COUNT' | 'MEASURED_AT' | 'ACCOUNT_ID' }
  | { readonly field: 'GROWTH_PERCENT' | 'GROWTH_ABSOLUTE'; readonly growth: GrowthKind }
)

/** The position of an account in an order. `value` is null when it is unknown, and for ACCOUNT_ID. */
export interface AccountPosition {
  readonly value: number | null
  readonly accountId: string
}

/** Returns the account's position in `order`, which its cursor encodes. */
export function positionOf(account: Account, order: AccountOrder): AccountPosition {
  return { value: sortValue(account, order), accountId: account.accountId }
}

function sortValue(account: Account, order: AccountOrder): number | null {
  switch (order.field) {
    case 'SUBSCRIBER_COUNT':
      return account.newest.subscriberCount
    case 'MEASURED_AT':
      return account.newest.measuredAt
    case 'ACCOUNT_ID':
      return null
    case 'GROWTH_PERCENT':
      return account.growth(order.growth).percent
    case 'GROWTH_ABSOLUTE':
      return account.growth(order.growth).absolute
  }
}

const CANONICAL_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Returns the canonical lower-case UUID, or undefined. Accepts surrounding white space, upper case and one pair of braces. */
export function parseAccountId(text: string): string | undefined {
  if (CANONICAL_UUID.test(text)) return text
  const trimmed = text.trim().toLowerCase()
  const bare = trimmed.startsWith('{') && trimmed.endsWith('}') ? trimmed.slice(1, -1) : trimmed
  return CANONICAL_UUID.test(bare) ? bare : undefined
}
