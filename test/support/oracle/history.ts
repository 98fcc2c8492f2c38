/** An account's measurements in calendar buckets: docs/rules.md, "Filters and orders". */
import type { Point, TimeRange } from '../../../src/domain/measurement.ts'
import { type Bucket, bucketStart, nextBucket } from './calendar.ts'

export type Fill = 'NONE' | 'LAST'

export interface OracleHistoryPoint {
  readonly bucketStart: number
  readonly first: number | null
  readonly last: number | null
  readonly min: number | null
  readonly max: number | null
  readonly measurementCount: number
}

/**
 * Every bucket from that of `from`, else of the first measurement, to that of the last millisecond before `to`, else
 * of the newest measurement. `all` are the account's measurements, those out of the range too, oldest first.
 */
export function historyOf(all: readonly Point[], range: TimeRange, bucket: Bucket, fill: Fill) {
  const history: OracleHistoryPoint[] = []
  if (all.length === 0) return history
  const { from = all[0]!.measuredAt, to = all.at(-1)!.measuredAt + 1 } = range
  if (from >= to) return history
  for (let start = bucketStart(from, bucket); start < to; start = nextBucket(start, bucket)) {
    const before = all.filter(point => point.measuredAt < Math.max(start, from))
    const inRange = all.filter(point => point.measuredAt >= from && point.measuredAt < to)
    const measured = inRange.filter(point => bucketStart(point.measuredAt, bucket) === start)
    if (measured.length > 0) history.push(measuredBucket(start, measured))
    else history.push(emptyBucket(start, fill === 'LAST' ? before.at(-1) : undefined))
  }
  return history
}

function measuredBucket(start: number, points: readonly Point[]): OracleHistoryPoint {
  const counts = points.map(point => point.subscriberCount)
  return {
    bucketStart: start,
    first: counts[0]!,
    last: counts.at(-1)!,
    min: Math.min(...counts),
    max: Math.max(...counts),
    measurementCount: counts.length,
  }
}

/** Null where nothing is known, or nothing is to be filled in. */
function emptyBucket(start: number, known: Point | undefined): OracleHistoryPoint {
  const count = known?.subscriberCount ?? null
  return { bucketStart: start, first: count, last: count, min: count, max: count, measurementCount: 0 }
}
