import type { Growth, GrowthKind } from './growth.ts'
import type { Point } from './measurement.ts'
import { collapseWhiteSpace } from './white-space.ts'

/** Accounts are tracked, that is shown by the API, when their newest stored count is above this. */
export const TRACKED_ABOVE = 1000

/** A tracked account. */
export interface Account {
  readonly accountId: string
  /** Of the newest measurement, sorted by lower-case name, in the spelling seen first. */
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

/** Conditions on the account's categories, compared without case. `anyOf: []` matches nothing; undefined is no condition. */
export interface CategoryFilter {
  readonly anyOf?: readonly string[] | undefined
  readonly allOf?: readonly string[] | undefined
  readonly noneOf?: readonly string[] | undefined
}

/** Without any bound it matches the accounts whose percentage is known. */
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

/** Every order ends in accountId, in the same direction; unknown values come last in both directions. */
export type AccountOrder = { readonly direction: SortDirection } & (
  | { readonly field: 'SUBSCRIBER_COUNT' | 'MEASURED_AT' | 'ACCOUNT_ID' }
  | { readonly field: 'GROWTH_PERCENT' | 'GROWTH_ABSOLUTE'; readonly growth: GrowthKind }
)

/** Where an account stands in an order. `value` is null when it is unknown, and for the order by accountId alone. */
export interface AccountPosition {
  readonly value: number | null
  readonly accountId: string
}

/** The account's position in `order`, from which its cursor is made. */
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

/** The canonical lower-case UUID, or undefined. Surrounding white space, upper case and one pair of braces are taken. */
export function parseAccountId(text: string): string | undefined {
  if (CANONICAL_UUID.test(text)) return text
  const trimmed = text.trim().toLowerCase()
  const bare = trimmed.startsWith('{') && trimmed.endsWith('}') ? trimmed.slice(1, -1) : trimmed
  return CANONICAL_UUID.test(bare) ? bare : undefined
}

/** Of a category as it is stored. */
export const MAX_CATEGORY_CODE_POINTS = 100

/**
 * In UTF-16 units. A code point decomposes into four at most, and into no fewer once it is lower case: a name of more
 * than 4 × 100 code points is neither short enough nor another spelling of one that is.
 */
const MOST_LOOKED_AT = 2 * (4 * MAX_CATEGORY_CODE_POINTS)

/**
 * Trimmed, inner white space collapsed, Unicode NFC: a category as it is stored. One that is far too long is cut where
 * it is still too long: NFC takes time by the square of a run of marks.
 */
export function tidyCategory(name: string): string {
  return collapseWhiteSpace(name, MOST_LOOKED_AT).normalize('NFC')
}

/** What categories are compared by: the lower-case form. */
export function foldCategory(name: string): string {
  return tidyCategory(name).toLowerCase().normalize('NFC')
}
