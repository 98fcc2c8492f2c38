import { DateTime, type DateTimeUnit, type DurationLike } from 'luxon'
import { BadArgument } from './errors.ts'
import type { Point } from './measurement.ts'

export const HISTORY_BUCKETS = ['DAY', 'WEEK', 'MONTH', 'QUARTER'] as const
export type HistoryBucket = (typeof HISTORY_BUCKETS)[number]

/** What a bucket without a measurement holds: nothing, or the count known before it. */
export type HistoryFill = 'NONE' | 'LAST'

/** The counts measured in one bucket of the UTC calendar; null in an empty one. */
export interface HistoryPoint {
  readonly bucketStart: number
  readonly first: number | null
  readonly last: number | null
  readonly min: number | null
  readonly max: number | null
  readonly measurementCount: number
}

const MAX_BUCKETS = 1000

const UNITS = {
  DAY: { unit: 'day', length: { days: 1 } },
  WEEK: { unit: 'week', length: { weeks: 1 } },
  MONTH: { unit: 'month', length: { months: 1 } },
  QUARTER: { unit: 'quarter', length: { months: 3 } },
} as const satisfies Record<HistoryBucket, { unit: DateTimeUnit; length: DurationLike }>

/**
 * The starts of all buckets that hold an instant of [from, to). Weeks start on Monday.
 *
 * @throws BadArgument when there are more than 1,000
 */
export function bucketStarts(bucket: HistoryBucket, from: number, to: number): number[] {
  const { unit, length } = UNITS[bucket]
  const starts: number[] = []
  for (
    let start = DateTime.fromMillis(from, { zone: 'utc' }).startOf(unit);
    start.toMillis() < to;
    start = start.plus(length)
  ) {
    if (starts.length === MAX_BUCKETS) {
      throw new BadArgument(`More than ${MAX_BUCKETS} buckets: choose a later from, an earlier to, or a longer bucket.`)
    }
    starts.push(start.toMillis())
  }
  return starts
}

/**
 * Sums up `points` (oldest first) by bucket.
 *
 * @param starts of the buckets, ascending and without gaps
 * @param before the newest point before the first bucket, for fill LAST
 */
export function fillBuckets(
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
