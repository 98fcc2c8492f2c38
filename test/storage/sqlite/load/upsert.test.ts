import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { BLOCK_ROWS } from '../../../../src/storage/sqlite/load/block.ts'
import { identityOf, type TestDatabase, withDatabase } from '../../../ingestion/support/database.ts'
import { batchesOf, beginLoad, loadNaively, loadRows, type Row } from '../../../ingestion/support/loads.ts'
import { NaiveStore } from '../../../support/oracle/naive.ts'
import { idOf } from '../../../support/parquet/columns.ts'

const MAY = Date.UTC(2024, 4, 1)
const DAY_MS = 86_400_000

/** Few keys and few values, so that most rows meet one that is there; several spellings of the same names. */
const anyRow: fc.Arbitrary<Row> = fc.record({
  accountId: fc.integer({ min: 1, max: 5 }).map(idOf),
  measuredAt: fc.integer({ min: 0, max: 5 }).map(n => MAY + n * 20 * DAY_MS),
  subscriberCount: fc.constantFrom(0, 900, 1200, 1200, 2 ** 53 - 1),
  categories: fc.constantFrom([], ['Gaming'], ['GAMING'], ['Gaming', 'Podcast'], ['podcast', 'gaming'], ['Straße']),
})
/** Of one period: what statements of many rows are for. */
const anyRowOfMay = anyRow.map(row => ({ ...row, measuredAt: MAY }))
const anyFile = fc.record({
  rows: fc.oneof(
    fc.array(anyRow, { maxLength: 20 }),
    fc.array(anyRow, { minLength: 90, maxLength: 250 }),
    fc.array(anyRowOfMay, { minLength: 90, maxLength: 320 }),
  ),
  batchRows: fc.integer({ min: 1, max: 150 }),
})

/** The values that corrections replaced, oldest first, with the ingestion of each. */
function replacedIn(database: TestDatabase, accountId: string, measuredAt: number) {
  const rows = database.all<{ count: number; names: string; ingestionId: string }>(
    `SELECT c.subscriber_count AS count, s.names, i.public_id AS ingestionId
    FROM correction c JOIN account a ON a.id = c.account JOIN category_set s ON s.id = c.category_set
      JOIN ingestion i ON i.id = c.ingestion
    WHERE a.account_id = ? AND c.measured_at = ? ORDER BY c.corrected_by, c.sequence`,
    accountId,
    measuredAt,
  )
  return rows.map(({ count, names, ingestionId }) => ({
    subscriberCount: count,
    categories: JSON.parse(names),
    ingestionId,
  }))
}

function storedIn(database: TestDatabase) {
  const rows = database.all<{ names: string }>(
    `SELECT a.account_id AS accountId, m.measured_at AS measuredAt, m.subscriber_count AS subscriberCount, s.names,
      i.public_id AS ingestionId
    FROM measurement m JOIN account a ON a.id = m.account JOIN category_set s ON s.id = m.category_set
      JOIN ingestion i ON i.id = m.ingestion ORDER BY accountId, measuredAt`,
  )
  return rows.map(({ names, ...row }) => ({ ...row, categories: JSON.parse(names) }))
}

function expectSameMeasurements(database: TestDatabase, naive: NaiveStore) {
  const expected = naive
    .allMeasurements()
    .sort((a, b) => (a.accountId < b.accountId ? -1 : a.accountId > b.accountId ? 1 : a.measuredAt - b.measuredAt))
  expect(storedIn(database)).toEqual(expected)
  for (const { accountId, measuredAt } of expected) {
    expect(replacedIn(database, accountId, measuredAt)).toEqual(naive.replaced(accountId, measuredAt))
  }
}

describe('inserted, corrected and unchanged', () => {
  test('are counted as if rows were written one by one, however they are split into batches and files', async () => {
    const property = fc.asyncProperty(fc.array(anyFile, { minLength: 1, maxLength: 3 }), files =>
      withDatabase(async database => {
        const naive = new NaiveStore()
        for (const { rows, batchRows } of files) {
          const ingestion = await loadRows(database.loader, rows, batchRows)
          const { inserted, corrected, unchanged, accountsCreated, firstMeasuredAt, lastMeasuredAt } = loadNaively(
            naive,
            rows,
            ingestion.id,
          )
          expect(ingestion).toMatchObject({ inserted, corrected, unchanged, accountsCreated })
          expect(ingestion).toMatchObject({ firstMeasuredAt, lastMeasuredAt, rejected: 0, rowsRead: rows.length })
          expectSameMeasurements(database, naive)
        }
      }),
    )
    await fc.assert(property, { numRuns: 15 })
  })

  const row = (subscriberCount: number, categories: string[] = [], n = 1): Row => ({
    accountId: idOf(n),
    measuredAt: MAY,
    subscriberCount,
    categories,
  })

  test('a value that returns is a correction each time', () =>
    withDatabase(async database => {
      const ingestion = await loadRows(database.loader, [row(1), row(2), row(1), row(1), row(2)])
      expect(ingestion).toMatchObject({ inserted: 1, corrected: 3, unchanged: 1 })
      expect(replacedIn(database, idOf(1), MAY).map(({ subscriberCount }) => subscriberCount)).toEqual([1, 2, 1])
      expect(storedIn(database)).toMatchObject([{ subscriberCount: 2, ingestionId: ingestion.id }])
    }))

  test('a change of categories is a correction, a change of spelling or order is not', () =>
    withDatabase(async database => {
      await loadRows(database.loader, [row(1, ['Gaming', 'Podcast'])])
      expect(await loadRows(database.loader, [row(1, ['PODCAST', 'gaming'])])).toMatchObject({ unchanged: 1 })
      expect(await loadRows(database.loader, [row(1, ['Gaming'])])).toMatchObject({ corrected: 1, unchanged: 0 })
      expect(await loadRows(database.loader, [row(1, [])])).toMatchObject({ corrected: 1, unchanged: 0 })
    }))

  test('an unchanged measurement keeps the ingestion it came from', () =>
    withDatabase(async database => {
      const first = await loadRows(database.loader, [row(1)])
      await loadRows(database.loader, [row(1)])
      expect(storedIn(database)).toMatchObject([{ ingestionId: first.id }])
    }))

  test.each<[string, Row['subscriberCount'], string[]]>([
    ['counts', 2, ['Gaming']],
    ['categories', 1, ['Podcast']],
  ])('many corrections of %s alone are all written, and numbered within their ingestion', (_, count, categories) =>
    withDatabase(async database => {
      const accounts = Array.from({ length: 250 }, (_, i) => i + 1)
      const before = accounts.map(n => row(1, ['Gaming'], n))
      const after = accounts.map(n => (n % 3 === 0 ? row(count, categories, n) : row(1, ['Gaming'], n)))
      const corrected = accounts.filter(n => n % 3 === 0).length
      await loadRows(database.loader, before)
      expect(await loadRows(database.loader, after)).toMatchObject({ corrected, unchanged: 250 - corrected })
      expect(database.measurements()).toEqual(
        after.map(row => [row.accountId, new Date(MAY).toISOString(), row.subscriberCount, row.categories]),
      )
      const sequences = database.all<{ sequence: number }>('SELECT sequence FROM correction ORDER BY sequence')
      expect(sequences.map(({ sequence }) => sequence)).toEqual(accounts.slice(0, corrected))
    }),
  )

  test('a file larger than a block is compared as a whole', () =>
    withDatabase(async database => {
      const keys = 64
      const batchOf = (length: number, first: boolean, countOf: (n: number) => number) => ({
        length,
        newAccountIds: first ? [idOf(1)] : [],
        newCategorySets: first ? [[]] : [],
        account: new Uint32Array(length),
        measuredAt: Float64Array.from({ length }, (_, n) => MAY + (n % keys)),
        subscriberCount: Float64Array.from({ length }, (_, n) => countOf(n)),
        categorySet: new Uint32Array(length),
      })
      const load = await beginLoad(database.loader, identityOf(), Date.now())
      await load.write(batchOf(BLOCK_ROWS - 500, true, () => 5))
      const countOf = (n: number) => (n % 10 === 0 ? 7 : 5)
      await load.write(batchOf(1500, false, countOf))

      const standing = new Array<number>(keys).fill(5)
      let corrected = 0
      for (let n = 0; n < 1500; n++) {
        if (standing[n % keys] !== countOf(n)) corrected++
        standing[n % keys] = countOf(n)
      }
      const total = BLOCK_ROWS + 1000
      const ingestion = await load.commit({ rowsTotal: total, rowsRead: total })
      expect(ingestion).toMatchObject({ inserted: keys, corrected, unchanged: total - keys - corrected })
      expect(database.measurements().map(([, , count]) => count)).toEqual(standing)
    }))
})

describe('names', () => {
  const named = (n: number, ...categories: string[]): Row => ({
    accountId: idOf(n),
    measuredAt: MAY,
    subscriberCount: 1500,
    categories,
  })
  const names = (database: TestDatabase) =>
    database.all<{ name: string }>('SELECT name FROM category ORDER BY id').map(({ name }) => name)

  test('keep the spelling seen first, even after the row is corrected', () =>
    withDatabase(async database => {
      await loadRows(database.loader, [named(1, 'gaMing'), named(1, 'Podcast', 'GAMING'), named(1, 'podcast')])
      await loadRows(database.loader, [named(2, 'Gaming', 'PODCAST', 'Caf\u00e9')])
      expect(names(database)).toEqual(['gaMing', 'Podcast', 'Caf\u00e9'])
      expect(storedIn(database).map(({ categories }) => categories)).toEqual([
        ['Podcast'],
        ['Caf\u00e9', 'gaMing', 'Podcast'],
      ])
    }))

  test('of a file that is rolled back are not kept', () =>
    withDatabase(async database => {
      const load = await beginLoad(database.loader, identityOf(), Date.now())
      for (const batch of batchesOf([named(1, 'GAMING')], 1)) await load.write(batch)
      await load.rollBack({ code: 'CORRUPT_PARQUET', field: null, message: 'x' }, { rowsTotal: 1, rowsRead: 1 })
      await loadRows(database.loader, [named(1, 'Gaming')])
      expect(names(database)).toEqual(['Gaming'])
    }))

  test('are sorted by the code points of their lower-case form', () =>
    withDatabase(async database => {
      const unsorted = ['b', 'A', 'Z', 'a_', 'Ä', '\u{1F600}', '\uff41', 'a b', 'É']
      await loadRows(database.loader, [named(1, ...unsorted)])
      const [stored] = storedIn(database)
      expect(stored?.categories).toEqual(['A', 'a b', 'a_', 'b', 'Z', 'Ä', 'É', '\uff41', '\u{1F600}'])
    }))

  test('form one set, whatever their order and spelling', () =>
    withDatabase(async database => {
      await loadRows(database.loader, [
        named(1, 'a', 'b'),
        named(2, 'B', 'A'),
        named(3, 'a'),
        named(4),
        named(5, 'b', 'A'),
      ])
      expect(database.all('SELECT names FROM category_set ORDER BY id')).toEqual([
        { names: '["a","b"]' },
        { names: '["a"]' },
        { names: '[]' },
      ])
      const members = database.all('SELECT category_set, category FROM category_set_member ORDER BY 1, 2')
      expect(members).toHaveLength(3)
    }))
})
