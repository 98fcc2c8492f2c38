/** An account's measurements in calendar buckets of UTC. */
import type { Point } from '../../../src/domain/measurement.ts'
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

/** Buckets with a measurement, oldest first; `LAST` adds the empty ones between them. `points` are oldest first. */
export function historyOf(points: readonly Point[], bucket: Bucket, fill: Fill): OracleHistoryPoint[] {
  const history: OracleHistoryPoint[] = []
  const ends = points.at(-1)
  if (points[0] === undefined || ends === undefined) return history
  let start = bucketStart(points[0].measuredAt, bucket)
  while (start <= ends.measuredAt) {
    const measured = points.filter(point => bucketStart(point.measuredAt, bucket) === start)
    if (measured.length > 0) history.push(measuredBucket(start, measured))
    else if (fill === 'LAST') history.push(filledBucket(start, history.at(-1)!))
    start = nextBucket(start, bucket)
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

/** An empty bucket stands where the one before it ended. */
function filledBucket(start: number, { last }: OracleHistoryPoint): OracleHistoryPoint {
  return { bucketStart: start, first: last, last, min: last, max: last, measurementCount: 0 }
}
