import { AppError } from './errors.ts'
import type { Point } from './measurement.ts'

export const HISTORY_BUCKETS = ['DAY', 'WEEK', 'MONTH', 'QUARTER'] as const
export type HistoryBucket = (typeof HISTORY_BUCKETS)[number]

/** How a bucket without measurements is filled: with null, or with the last known count. */
export type HistoryFill = 'NONE' | 'LAST'

/** The counts measured in one bucket of the UTC calendar. Null in a bucket without measurements, unless it is filled. */
export interface HistoryPoint {
  readonly bucketStart: number
  readonly first: number | null
  readonly last: number | null
  readonly min: number | null
  readonly max: number | null
  readonly measurementCount: number
}

/** The most buckets that one history has. */
export const MAX_BUCKETS = 1000

/** Numbers the buckets of a calendar in chronological order. */
interface Calendar {
  numberOf(instant: number): number
  startOf(bucket: number): number
}

const DAY_MS = 86_400_000
const FIRST_MONDAY = Date.UTC(1970, 0, 5)

const CALENDARS: Readonly<Record<HistoryBucket, Calendar>> = {
  DAY: evenly(DAY_MS, 0),
  WEEK: evenly(7 * DAY_MS, FIRST_MONDAY),
  MONTH: monthly(1),
  QUARTER: monthly(3),
}

function evenly(length: number, origin: number): Calendar {
  return {
    numberOf: instant => Math.floor((instant - origin) / length),
    startOf: bucket => origin + bucket * length,
  }
}

function monthly(length: number): Calendar {
  return {
    numberOf(instant) {
      const date = new Date(instant)
      return Math.floor((date.getUTCFullYear() * 12 + date.getUTCMonth()) / length)
    },
    // Date.UTC reads the years 0 to 99 as 1900 to 1999.
    startOf: bucket => new Date(0).setUTCFullYear(0, bucket * length, 1),
  }
}

/** Returns the number of buckets that overlap [from, to). */
export function countBuckets(bucket: HistoryBucket, from: number, to: number): number {
  const { numberOf } = CALENDARS[bucket]
  return from < to ? numberOf(to - 1) - numberOf(from) + 1 : 0
}

/**
 * Returns the start of each bucket that overlaps [from, to), in milliseconds. Weeks start on Monday.
 *
 * @throws AppError BAD_USER_INPUT when there are more than 1,000
 */
export function bucketStarts(bucket: HistoryBucket, from: number, to: number): number[] {
  const length = countBuckets(bucket, from, to)
  if (length > MAX_BUCKETS) {
    throw new AppError(
      'BAD_USER_INPUT',
      `The range has more than ${MAX_BUCKETS} buckets. Use a later from, an earlier to, or a longer bucket.`,
    )
  }
  const { numberOf, startOf } = CALENDARS[bucket]
  const first = numberOf(from)
  return Array.from({ length }, (_, i) => startOf(first + i))
}

/**
 * Aggregates `points` (oldest first) by bucket.
 *
 * @param starts the starts of the buckets, ascending and without gaps
 * @param before the newest point before the first bucket, for fill LAST
 */
export function summarizeBuckets(
  starts: readonly number[],
  points: readonly Point[],
  fill: HistoryFill,
  before: Point | null,
): HistoryPoint[] {
  let next = 0
  let known = before?.subscriberCount ?? null
  return starts.map((bucketStart, index) => {
    const end = starts[index + 1] ?? Number.POSITIVE_INFINITY
    const counts: number[] = []
    for (; next < points.length && points[next]!.measuredAt < end; next++) counts.push(points[next]!.subscriberCount)
    if (counts.length === 0) return emptyBucket(bucketStart, fill === 'LAST' ? known : null)
    known = counts.at(-1)!
    return {
      bucketStart,
      first: counts[0]!,
      last: known,
      min: counts.reduce((a, b) => Math.min(a, b)),
      max: counts.reduce((a, b) => Math.max(a, b)),
      measurementCount: counts.length,
    }
  })
}

function emptyBucket(bucketStart: number, count: number | null): HistoryPoint {
  return { bucketStart, first: count, last: count, min: count, max: count, measurementCount: 0 }
}
