/** One count of one account at one instant. Instants are integer milliseconds since 1970-01-01T00:00:00Z. */
export interface Point {
  readonly measuredAt: number
  readonly subscriberCount: number
}

/** A point with the account it belongs to: what identifies a measurement. */
export interface MeasuredPoint extends Point {
  readonly accountId: string
}

/** A measurement as it stands in the database. */
export interface Measurement extends MeasuredPoint {
  /** Sorted by lower-case name, in the spelling seen first. */
  readonly categories: readonly string[]
  readonly ingestionId: string
}

/** The largest count that a double still holds exactly: 2^53 − 1. */
export const MAX_SUBSCRIBER_COUNT = Number.MAX_SAFE_INTEGER

/** Half-open: `from` is in it, `to` is not; undefined leaves that end open. */
export interface InstantRange {
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/**
 * Accepted measurements of a file, column by column, in file order.
 *
 * `account` and `categorySet` are indexes into dictionaries that grow with the file: each batch brings the entries
 * that it is the first to use, numbered on from those before it. So a batch can cross a thread or be sorted without
 * touching a string.
 */
export interface MeasurementBatch {
  readonly length: number
  readonly newAccountIds: readonly string[]
  readonly newCategorySets: readonly (readonly string[])[]
  readonly account: Uint32Array
  readonly measuredAt: Float64Array
  readonly subscriberCount: Float64Array
  readonly categorySet: Uint32Array
}
