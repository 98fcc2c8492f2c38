/** The measurements of an account, by pages and by calendar buckets, within random ranges. */
import fc from 'fast-check'
import type { TimeRange } from '../../src/domain/measurement.ts'
import { anyDrops } from '../support/oracle/random.ts'
import { accountsOf } from './support/answers.ts'
import { useGraphql } from './support/graphql.ts'
import { askHistory, BUCKETS, FILLS, type HistoryAsked } from './support/history.ts'
import { askMeasurements, type PageAsked } from './support/measurement-pages.ts'
import { runs, TIMEOUT_MS } from './support/runs.ts'
import { expectSame } from './support/same.ts'
import { type Twins, withTwins } from './support/twins.ts'

const graphql = useGraphql()

/** Ends of ranges are chosen by number among the account's instants, and put a little before or after. */
const anyEnd = fc.option(fc.tuple(fc.nat(), fc.constantFrom(-86_400_000 * 40, -1, 0, 1, 86_400_000 * 40)), {
  freq: 3,
  nil: undefined,
})
const anyRange = fc.tuple(anyEnd, anyEnd)
const anySizes = fc.tuple(fc.nat(4), fc.boolean(), fc.option(fc.nat()), fc.option(fc.nat()))

type AnyEnd = readonly [number, number] | undefined

function rangeIn(instants: readonly number[], [from, to]: readonly [AnyEnd, AnyEnd]): TimeRange {
  const end = (chosen: AnyEnd) => chosen && instants[chosen[0] % instants.length]! + chosen[1]
  return { from: end(from), to: end(to) }
}

const anyFiles = anyDrops.map(files => [files.flat(), files[0]!])

/** The files in twins, and `work` done for every tracked account. */
async function forEveryAccount(files: Parameters<Twins['ingest']>[0][], work: (twins: Twins, id: string) => unknown) {
  await withTwins(async twins => {
    for (const rows of files) await twins.ingest(rows)
    for (const id of accountsOf(twins.naive)) if (twins.naive.account(id)) await work(twins, id)
  })
}

test(
  'pages of measurements within a range',
  async () => {
    const anyParts = fc.array(fc.tuple(anyRange, anySizes), { minLength: 12, maxLength: 12 })
    const property = fc.asyncProperty(anyFiles, anyParts, (files, parts) =>
      forEveryAccount(files, async (twins, id) => {
        const ask = graphql.over(twins.reader)
        const instants = twins.naive.measurements(id).map(({ measuredAt }) => measuredAt)
        for (const [ends, sizes] of parts) {
          const range = rangeIn(instants, ends)
          const whole = await askMeasurements(ask, id, range, { size: 100, fromEnd: false })
          expectSame(whole.measurements, expectedMeasurements(twins, id, range))
          const { asked, expected } = part(whole, sizes)
          const { cursors: _, ...found } = await askMeasurements(ask, id, range, asked)
          expectSame(found, expected)
        }
      }),
    )
    await fc.assert(property, runs(6))
  },
  TIMEOUT_MS,
)

function expectedMeasurements({ naive, fileOf }: Twins, id: string, range: TimeRange) {
  return naive.measurements(id, range).map(({ ingestionId, ...rest }) => ({ ...rest, fileName: fileOf(ingestionId) }))
}

type Whole = Awaited<ReturnType<typeof askMeasurements>>

/** A part of the whole list, and what must be found there; positions count from 0. */
function part(
  { measurements, cursors }: Whole,
  [size, fromEnd, after, before]: [number, boolean, number | null, number | null],
) {
  const count = cursors.length
  const start = after === null || count === 0 ? -1 : after % count
  const end = before === null || count === 0 ? count : before % count
  const asked: PageAsked = { size, fromEnd, after: cursors[start], before: cursors[end] }
  const between = measurements.slice(start + 1, Math.max(start + 1, end))
  const found = fromEnd ? between.slice(Math.max(0, between.length - size)) : between.slice(0, size)
  return {
    asked,
    expected: { measurements: found, totalCount: count, ...flags(measurements, found, [start, end], asked) },
  }
}

function flags<M>(
  all: readonly M[],
  found: readonly M[],
  [start, end]: [number, number],
  { fromEnd, after, before }: PageAsked,
) {
  if (found.length > 0) {
    return { hasPreviousPage: all[0] !== found[0], hasNextPage: all.at(-1) !== found.at(-1) }
  }
  const atEnd = fromEnd ? before !== undefined || after === undefined : after === undefined && before !== undefined
  const place = atEnd ? end : start
  return { hasPreviousPage: place > 0, hasNextPage: place < all.length - 1 }
}

test(
  'history in every bucket, with either fill',
  async () => {
    const property = fc.asyncProperty(anyFiles, fc.array(anyRange, { minLength: 3, maxLength: 3 }), (files, ranges) =>
      forEveryAccount(files, async (twins, accountId) => {
        const instants = twins.naive.measurements(accountId).map(({ measuredAt }) => measuredAt)
        for (const range of ranges.map(ends => rangeIn(instants, ends))) {
          for (const bucket of BUCKETS) {
            for (const fill of FILLS) await expectHistory(twins, { accountId, bucket, fill, range })
          }
        }
      }),
    )
    await fc.assert(property, runs(4))
  },
  TIMEOUT_MS,
)

async function expectHistory({ reader, naive }: Twins, asked: HistoryAsked): Promise<void> {
  const { accountId, bucket, fill, range } = asked
  const found = await askHistory((query, variables) => graphql.answer(reader, query, variables), asked)
  const expected = naive.history(accountId, bucket, range.from, range.to, fill)
  expectSame(found, expected.length > 1000 ? 'BAD_USER_INPUT' : expected)
}
