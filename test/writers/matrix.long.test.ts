/** Files that the Parquet writers of npm write now: each is ingested with the rows that were written. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { hashFile } from '../../src/ingestion/input-file.ts'
import { readRows } from '../../src/ingestion/read-rows.ts'
import { withFolder } from '../ingestion/support/database.ts'
import { type WrittenRow, writtenRows } from './support/rows.ts'
import { variants } from './support/writers.ts'

/** Account id, instant, count and sorted categories of a row, as one line of text. */
type Line = string

function lineOf({ accountId, measuredAt, subscriberCount, categories }: WrittenRow): Line {
  return JSON.stringify([accountId, measuredAt, subscriberCount, [...(categories ?? [])].sort()])
}

async function ingestedLines(path: string): Promise<Line[]> {
  const file = await hashFile(path, 'written.parquet')
  const lines: Line[] = []
  const accountIds: string[] = []
  const categorySets: (readonly string[])[] = []
  const request = { file, ingestedAt: Date.now(), limits: undefined, strict: false, keepAllRejected: true }
  for await (const event of readRows(request)) {
    if (event.type !== 'rows') continue
    expect(event.rejected.rows).toEqual([])
    const { batch } = event
    accountIds.push(...batch.newAccountIds)
    categorySets.push(...batch.newCategorySets)
    for (let row = 0; row < batch.length; row++) {
      const accountId = accountIds[batch.account[row]!]!
      const categories = categorySets[batch.categorySet[row]!]!
      const [measuredAt, subscriberCount] = [batch.measuredAt[row]!, batch.subscriberCount[row]!]
      lines.push(lineOf({ accountId, measuredAt, subscriberCount, categories }))
    }
  }
  return lines
}

async function duckdbLines(duckdb: DuckDBConnection, path: string, isList: boolean): Promise<Line[]> {
  const categories = isList ? 'categories' : `string_split(nullif(categories, ''), ';')`
  const sql = `SELECT account_id, epoch_ms(date), subscriber_count, ${categories} FROM read_parquet('${path}')`
  const rows = (await duckdb.runAndReadAll(sql)).getRowsJS() as [string, bigint, bigint, string[] | null][]
  return rows.map(([accountId, measuredAt, subscriberCount, names]) =>
    lineOf({ accountId, measuredAt: Number(measuredAt), subscriberCount: Number(subscriberCount), categories: names }),
  )
}

const all = await variants()

describe.each([
  ['with null categories', writtenRows(true)],
  ['without nulls', writtenRows(false)],
] as const)('rows %s', (_, rows) => {
  const expected = rows.map(lineOf)
  let duckdb: DuckDBConnection
  beforeAll(async () => {
    duckdb = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
  })
  afterAll(() => duckdb.closeSync())

  test.each(all.map(variant => [variant.name, variant] as const))('%s', (_, { isList, write }) =>
    withFolder(async folder => {
      const path = join(folder, 'written.parquet')
      await writeFile(path, await write(rows))
      expect(await duckdbLines(duckdb, path, isList)).toEqual(expected)
      expect(await ingestedLines(path)).toEqual(expected)
    }),
  )
})

test('every writer and a hundred variants were tried', () => {
  const writers = new Set(all.map(({ name }) => name.split(',')[0]))
  expect([...writers]).toEqual([
    'DuckDB',
    'hyparquet-writer',
    'hyparquet-writer 0.16',
    'parquetjs',
    'Polars',
    'parquet-wasm',
  ])
  expect(all.length).toBeGreaterThan(100)
})
