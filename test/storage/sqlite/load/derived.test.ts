import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { foldCategory } from '../../../../src/domain/category.ts'
import { GROWTH_WINDOWS, type GrowthBaseline, type GrowthWindow } from '../../../../src/domain/growth.ts'
import { type TestDatabase, withDatabase } from '../../../ingestion/support/database.ts'
import { folded, loadRows, type Row } from '../../../ingestion/support/loads.ts'
import { oneWindowBefore } from '../../../support/oracle/calendar.ts'
import { growthOf, newestOf } from '../../../support/oracle/growth.ts'
import { idOf } from '../../../support/parquet/columns.ts'

const PERIOD_MS = 30 * 86_400_000

/** Everything derived, in terms that do not depend on internal keys or spellings. */
interface Derived {
  readonly accounts: readonly Record<string, unknown>[]
  readonly memberships: readonly string[]
  readonly dataset: unknown
  readonly periods: readonly number[]
}

function derivedIn(database: TestDatabase): Derived {
  const accounts = database.all<Record<string, unknown> & { names: string }>(
    `SELECT a.*, s.names FROM account a JOIN category_set s ON s.id = a.category_set ORDER BY a.account_id`,
  )
  const memberships = database.all<{ membership: string }>(
    `SELECT format('%s %d %s', c.folded, m.subscriber_count, m.account_id) AS membership
    FROM account_category m JOIN category c ON c.id = m.category JOIN account a ON a.id = m.account
    WHERE a.account_id = m.account_id`,
  )
  const [dataset] = database.all('SELECT as_of, first_measured_at, measurement_count, account_count FROM dataset')
  return {
    accounts: accounts.map(({ id: _, ingestion: __, category_set: ___, names, ...account }) => ({
      ...account,
      categories: folded(JSON.parse(names)),
    })),
    memberships: memberships.map(({ membership }) => membership).sort(),
    dataset,
    periods: database.all<{ period: number }>('SELECT period FROM period ORDER BY period').map(({ period }) => period),
  }
}

/** The same from all rows that were ever loaded, in that order: the last of several for one instant counts. */
function derivedFrom(rows: readonly Row[]): Derived {
  const histories = new Map<string, Map<number, Row>>()
  for (const row of rows) {
    const history = histories.get(row.accountId) ?? new Map<number, Row>()
    histories.set(row.accountId, history.set(row.measuredAt, row))
  }
  const instants = rows.map(row => row.measuredAt)
  const asOf = instants.reduce((a, b) => Math.max(a, b))
  const newest = [...histories.values()].map(history => newestOf([...history.values()])).sort(byAccountId)
  const tracked = newest.filter(row => row.subscriberCount > 1000)
  return {
    accounts: newest.map(row => ({
      account_id: row.accountId,
      measured_at: row.measuredAt,
      subscriber_count: row.subscriberCount,
      categories: folded(row.categories),
      ...growthColumns([...histories.get(row.accountId)!.values()], asOf),
    })),
    memberships: tracked
      .flatMap(row => row.categories.map(name => `${foldCategory(name)} ${row.subscriberCount} ${row.accountId}`))
      .sort(),
    dataset: {
      as_of: asOf,
      first_measured_at: instants.reduce((a, b) => Math.min(a, b)),
      measurement_count: [...histories.values()].reduce((sum, history) => sum + history.size, 0),
      account_count: tracked.length,
    },
    periods: [...new Set(instants.map(instant => Math.floor(instant / PERIOD_MS)))].sort((a, b) => a - b),
  }
}

function byAccountId(a: Row, b: Row): number {
  return a.accountId < b.accountId ? -1 : 1
}

function growthColumns(history: readonly Row[], asOf: number): Record<string, number | null> {
  return Object.fromEntries(
    GROWTH_WINDOWS.flatMap(window => [
      ...baselineColumns(history, asOf, window, 'FIRST_IN_WINDOW', `${window.toLowerCase()}_first`),
      ...baselineColumns(history, asOf, window, 'AT_WINDOW_START', `${window.toLowerCase()}_start`),
    ]),
  )
}

function baselineColumns(
  history: readonly Row[],
  asOf: number,
  window: GrowthWindow,
  baseline: GrowthBaseline,
  name: string,
): [string, number | null][] {
  const { from, percent } = growthOf(history, asOf, { window, baseline })
  return [
    [`${name}_at`, from?.measuredAt ?? null],
    [`${name}_count`, from?.subscriberCount ?? null],
    [`${name}_percent`, percent],
  ]
}

/** Ends of months and leap days, where a later asOf can open its windows earlier, and other good values of asOf. */
const MOMENTS = [
  Date.UTC(2022, 11, 31, 10),
  Date.UTC(2023, 1, 28, 23, 59, 59, 999),
  Date.UTC(2023, 2, 31),
  Date.UTC(2023, 4, 31, 12),
  Date.UTC(2024, 1, 28, 23),
  Date.UTC(2024, 1, 29, 1),
  Date.UTC(2024, 2, 30, 23),
  Date.UTC(2024, 2, 31, 1),
  Date.UTC(2024, 4, 30, 12),
]

/** Each moment, where its windows open and reach back to, and a millisecond to either side. */
const INSTANTS = MOMENTS.flatMap(moment => [
  moment,
  ...GROWTH_WINDOWS.flatMap(window => {
    const opens = oneWindowBefore(moment, window)
    return [opens, oneWindowBefore(opens, window)].flatMap(instant => [instant - 1, instant, instant + 1])
  }),
])

/** A file of measurements up to one of the moments; it may come after files that went further. */
const anyFile: fc.Arbitrary<Row[]> = fc.constantFrom(...MOMENTS).chain(moment =>
  fc.array(
    fc.record({
      accountId: fc.integer({ min: 1, max: 6 }).map(idOf),
      measuredAt: fc.constantFrom(...INSTANTS.filter(instant => instant <= moment)),
      subscriberCount: fc.constantFrom(0, 900, 1000, 1001, 1200, 5000, 3_384_958_273_646),
      categories: fc.constantFrom([], ['Gaming'], ['GAMING', 'Podcast'], ['Podcast']),
    }),
    { minLength: 1, maxLength: 40 },
  ),
)

describe('after each load all derived data equals a recomputation from scratch', () => {
  test('for any files, with asOf moving or not', async () => {
    const property = fc.asyncProperty(fc.array(anyFile, { minLength: 2, maxLength: 5 }), files =>
      withDatabase(async database => {
        const loaded: Row[] = []
        for (const rows of files) {
          await loadRows(database.loader, rows)
          loaded.push(...rows)
          expect(derivedIn(database)).toEqual(derivedFrom(loaded))
        }
      }),
    )
    await fc.assert(property, { numRuns: 15 })
  })

  test('when asOf moves step by step past accounts that are not measured again', () =>
    withDatabase(async database => {
      const loaded: Row[] = []
      const start = Date.UTC(2023, 0, 31, 12)
      for (let step = 0; step < 20; step++) {
        const asOf = start + step * 23 * 86_400_000
        const rows = [step + 1, ...(step % 4 === 0 ? [100, 101] : [])].map(
          (n): Row => ({
            accountId: idOf(n),
            measuredAt: n === 101 ? asOf - 5 * 86_400_000 : asOf,
            subscriberCount: 1000 + 37 * step,
            categories: [`c${step % 3}`],
          }),
        )
        await loadRows(database.loader, rows)
        loaded.push(...rows)
        expect(derivedIn(database)).toEqual(derivedFrom(loaded))
      }
    }))

  test('when so many accounts change that the indexes are rebuilt', () =>
    withDatabase(async database => {
      const indexes = () => database.all(`SELECT name, sql FROM sqlite_schema WHERE type = 'index' ORDER BY name`)
      const before = indexes()
      const asOf = Date.UTC(2024, 2, 31)
      const moments = [asOf - 8 * 86_400_000, asOf]
      const files = moments.map((moment, file) =>
        Array.from({ length: 17_000 }, (_, i): Row => {
          const subscriberCount = ((i * 7919) % 5000) + 100 * file
          return { accountId: idOf(i), measuredAt: moment + (i % 3), subscriberCount, categories: [`c${i % 7}`] }
        }),
      )
      for (const rows of files) await loadRows(database.loader, rows, 5000)
      const [found, expected] = [derivedIn(database), derivedFrom(files.flat())]
      expect(JSON.stringify(inOrder(found))).toBe(JSON.stringify(inOrder(expected)))
      expect(indexes()).toEqual(before)
      expect(database.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
    }))
})

/** With the keys of its accounts in one order, to be compared as text: Jest takes seconds on thousands of objects. */
function inOrder({ accounts, ...others }: Derived) {
  return { ...others, accounts: accounts.map(account => Object.entries(account).sort(([a], [b]) => (a < b ? -1 : 1))) }
}

test('the order of rows and their split into files do not change derived data', async () => {
  const distinct = (rows: readonly Row[]) => [
    ...new Map(rows.map(row => [`${row.accountId} ${row.measuredAt}`, row])).values(),
  ]
  const arrival = fc.record({
    shuffled: fc.array(fc.nat(), { minLength: 200, maxLength: 200 }),
    files: fc.nat({ max: 3 }),
  })
  const property = fc.asyncProperty(
    fc.array(anyFile, { minLength: 1, maxLength: 4 }),
    arrival,
    async (files, arrival) => {
      const rows = distinct(files.flat())
      const other = rows
        .map((row, i) => ({ row, at: arrival.shuffled[i % 200]! }))
        .sort((a, b) => a.at - b.at)
        .map(({ row }) => row)
      const size = Math.ceil(rows.length / (arrival.files + 1))
      const once = await withDatabase(async database => {
        await loadRows(database.loader, rows)
        return derivedIn(database)
      })
      const inParts = await withDatabase(async database => {
        for (let start = 0; start < other.length; start += size) {
          await loadRows(database.loader, other.slice(start, start + size), 7)
        }
        return derivedIn(database)
      })
      expect(inParts).toEqual(once)
    },
  )
  await fc.assert(property, { numRuns: 10 })
})
