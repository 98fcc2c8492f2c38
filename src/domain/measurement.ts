/** One count of one account at one instant. Instants are integer milliseconds since 1970-01-01T00:00:00Z. */
export interface Point {
  readonly measuredAt: number
  readonly subscriberCount: number
}

/** A point and its account. Account and instant identify a measurement. */
export interface MeasuredPoint extends Point {
  readonly accountId: string
}

/** A measurement as it is stored. */
export interface Measurement extends MeasuredPoint {
  /** Sorted by lower-case name, in the spelling seen first. */
  readonly categories: readonly string[]
  readonly ingestionId: string
}

/** The largest integer that a double represents exactly: 2^53 − 1. */
export const MAX_SUBSCRIBER_COUNT = Number.MAX_SAFE_INTEGER

/** A half-open range of instants: `from` is inclusive, `to` exclusive; undefined is unbounded. */
export interface TimeRange {
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/**
 * Valid measurements of a file, in columns, in file order.
 *
 * `account` and `categorySet` are indexes into dictionaries that span the file. Each batch carries the dictionary entries
 * that it is the first to use, numbered consecutively, so that a batch can cross a thread or be sorted without touching
 * strings.
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
