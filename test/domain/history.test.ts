import fc from 'fast-check'
import { DateTime } from 'luxon'
import { AppError } from '../../src/domain/errors.ts'
import { bucketStarts, countBuckets, HISTORY_BUCKETS, type HistoryBucket } from '../../src/domain/history.ts'

const UNITS = { DAY: 'days', WEEK: 'weeks', MONTH: 'months', QUARTER: 'quarters' } as const

/** The buckets of [from, to) as Luxon computes them. */
function startsByLibrary(bucket: HistoryBucket, from: number, to: number): number[] {
  const unit = UNITS[bucket]
  const first = DateTime.fromMillis(from, { zone: 'utc' }).startOf(unit.slice(0, -1) as 'day')
  const starts: number[] = []
  for (let n = 0; first.plus({ [unit]: n }).toMillis() < to; n++) starts.push(first.plus({ [unit]: n }).toMillis())
  return starts
}

const EARLIEST = Date.parse('0001-01-01T00:00:00Z')
const LATEST = Date.parse('9999-12-31T23:59:59.999Z')

const anyInstant = fc.oneof(
  fc.integer({ min: EARLIEST, max: LATEST }),
  fc.integer({ min: Date.UTC(1969, 0), max: Date.UTC(2030, 0) }),
  // Midnights, and the millisecond before and after.
  fc
    .tuple(fc.integer({ min: -1000, max: 30_000 }), fc.integer({ min: -1, max: 1 }))
    .map(([day, ms]) => day * 86_400_000 + ms),
)
const anyLength = fc.oneof(fc.integer({ min: 0, max: 400 * 86_400_000 }), fc.constantFrom(0, 1, 86_400_000))

test('buckets follow the UTC calendar with weeks from Monday, in any year', () => {
  const property = fc.property(anyInstant, anyLength, fc.constantFrom(...HISTORY_BUCKETS), (from, length, bucket) => {
    const to = from + length
    const starts = bucketStarts(bucket, from, to)
    expect(starts).toEqual(length === 0 ? [] : startsByLibrary(bucket, from, to))
    expect(countBuckets(bucket, from, to)).toBe(starts.length)
  })
  fc.assert(property, { seed: 4, numRuns: 300 })
})

test.each(HISTORY_BUCKETS)('a %s history has at most 1,000 buckets', bucket => {
  const from = Date.UTC(2000, 0, 3)
  const [last] = bucketStarts(bucket, from, from + 1)
  let to = last!
  for (let n = 0; n < 1000; n++) to = nextStart(bucket, to)
  expect(bucketStarts(bucket, from, to)).toHaveLength(1000)
  expect(() => bucketStarts(bucket, from, to + 1)).toThrow(AppError)
})

function nextStart(bucket: HistoryBucket, start: number): number {
  return DateTime.fromMillis(start, { zone: 'utc' })
    .plus({ [UNITS[bucket]]: 1 })
    .toMillis()
}
