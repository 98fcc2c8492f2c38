/** The fast way through flat columns against the way through any, cell by cell. */
import { open, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { DecodedArray } from 'hyparquet'
import { COLUMN_NAMES, type ColumnName } from '../../src/ingestion/columns.ts'
import { type Inspected, inspect } from '../../src/ingestion/inspect.ts'
import { type Column as Cells, cellAt } from '../../src/parquet/column.ts'
import { decodeFlatColumn } from '../../src/parquet/flat-column.ts'
import { decodeGenericColumn } from '../../src/parquet/generic-column.ts'
import { type Page, readPages } from '../../src/parquet/pages.ts'
import { checkedText } from '../../src/parquet/text.ts'
import { withFolder } from '../ingestion/support/database.ts'
import { expectSame } from '../proof/support/same.ts'
import { BYTES, type Column, FIXED, INT64, idOf, MILLIS, parquetOf, TEXT } from '../support/parquet/columns.ts'
import { duckdbParquet } from '../support/parquet/duckdb.ts'

/** A flat column chunk, and its two ways. */
interface Chunk {
  readonly rows: number
  readonly pages: readonly Page[]
  readonly flat: (pages: readonly Page[]) => Cells | undefined
  readonly cellByCell: () => Cells
}

async function withFile<Result>(path: string, use: (inspected: Inspected) => Promise<Result>): Promise<Result> {
  const handle = await open(path)
  try {
    return await use(await inspect(handle, (await handle.stat()).size))
  } finally {
    await handle.close()
  }
}

function ignore(): void {}

async function chunksOf({ bytes, groups, kinds }: Inspected): Promise<Chunk[]> {
  const chunks: Chunk[] = []
  for (const { rows, chunks: named } of groups) {
    for (const column of COLUMN_NAMES.filter(name => kinds[name].kind !== 'list')) {
      const chunk = named[column]
      const isText = kinds[column].kind === 'text'
      const pages = await readPages(bytes, chunk, rows, () => {}, ignore)
      const flat = (found: readonly Page[]) => decodeFlatColumn(found, chunk, rows, isText, ignore)
      const convert = isText ? texts : (values: DecodedArray) => values
      const cells = () => ({ values: decodeGenericColumn(pages, chunk, rows, convert, ignore), index: undefined })
      chunks.push({ rows, pages, flat, cellByCell: cells })
    }
  }
  return chunks
}

function texts(values: DecodedArray): DecodedArray {
  return Array.from(values as ArrayLike<Uint8Array>, checkedText)
}

function cellsOf(column: Cells, rows: number): unknown[] {
  return Array.from({ length: rows }, (_, row) => cellAt(column, row))
}

/** @returns how many chunks went the fast way */
async function decodesSame(path: string): Promise<number> {
  return withFile(path, async inspected => {
    let decoded = 0
    for (const { rows, pages, flat, cellByCell } of await chunksOf(inspected)) {
      const fast = flat(pages)
      if (!fast) continue
      expectSame(cellsOf(fast, rows), cellsOf(cellByCell(), rows))
      decoded++
    }
    return decoded
  })
}

const FIXTURES = join(import.meta.dirname, '../fixtures/accepted')

test('both read the same from every fixture', async () => {
  let decoded = 0
  for (const name of (await readdir(FIXTURES)).filter(name => name.endsWith('.parquet'))) {
    decoded += await decodesSame(join(FIXTURES, name))
  }
  expect(decoded).toBeGreaterThan(200)
})

const orNull = <T>(cell: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 5, arbitrary: cell }, { weight: 1, arbitrary: fc.constant(null) })
const encoding = fc.constantFrom('PLAIN' as const, 'RLE_DICTIONARY' as const, undefined)

function columnOf(name: ColumnName, element: Column['element'], cell: fc.Arbitrary<unknown>): fc.Arbitrary<Column> {
  const isOptional = element.repetition_type === 'OPTIONAL'
  const data = fc.array(isOptional ? orNull(cell) : cell, { minLength: 70, maxLength: 70 })
  return fc
    .record({ data, encoding })
    .map(({ data, encoding }) => ({ name, element, data, ...(encoding && { encoding }) }))
}

const REQUIRED = { repetition_type: 'REQUIRED' } as const
const id = fc.nat({ max: 30 }).map(idOf)
const fixed = fc.uint8Array({ minLength: 16, maxLength: 16 })
const anyFile = fc.record({
  columns: fc.tuple(
    fc.oneof(
      columnOf('account_id', TEXT, id),
      columnOf('account_id', { ...TEXT, ...REQUIRED }, id),
      columnOf('account_id', { ...FIXED, type_length: 16, logical_type: { type: 'UUID' } }, fixed),
    ),
    fc.oneof(
      columnOf('subscriber_count', { type: 'DOUBLE', repetition_type: 'OPTIONAL' }, fc.double()),
      columnOf('subscriber_count', { type: 'DOUBLE', ...REQUIRED }, fc.double()),
      columnOf('subscriber_count', { type: 'FLOAT', repetition_type: 'OPTIONAL' }, fc.float()),
      columnOf('subscriber_count', { type: 'INT32', repetition_type: 'OPTIONAL' }, fc.integer()),
      columnOf('subscriber_count', INT64, fc.bigInt({ min: -5n, max: 5n })),
    ),
    fc.oneof(columnOf('date', MILLIS, fc.bigInt({ min: 0n, max: 2n ** 40n })), columnOf('date', TEXT, fc.string())),
    fc.oneof(
      columnOf('categories', TEXT, fc.string({ unit: 'binary' })),
      columnOf('categories', BYTES, fc.uint8Array({ maxLength: 5 })),
    ),
  ),
  layout: fc.record({
    rowGroupSize: fc.integer({ min: 1, max: 70 }),
    pageSize: fc.constantFrom(30, 200, 1_000_000),
    codec: fc.constantFrom('UNCOMPRESSED', 'SNAPPY'),
  }),
})

describe('both read the same', () => {
  test('from files of any columns, nulls, pages and encodings', () =>
    withFolder(async folder => {
      const path = join(folder, 'any.parquet')
      const property = fc.asyncProperty(anyFile, async ({ columns, layout }) => {
        await writeFile(path, parquetOf(columns, layout))
        expect(await decodesSame(path)).toBeGreaterThan(0)
      })
      await fc.assert(property, { numRuns: 60 })
    }))

  // The writer keeps one column of version 2 in an encoding that is decoded cell by cell.
  test.each([
    ['V1', 4],
    ['V2', 3],
  ] as const)('from a larger file of pages %s with nulls', (version, decoded) =>
    withFolder(async folder => {
      const path = join(folder, 'duckdb.parquet')
      const query = `SELECT md5((i % 9000)::VARCHAR)::UUID::VARCHAR AS account_id,
        CASE WHEN i % 7 > 0 THEN i + 0.5 END AS subscriber_count,
        CASE WHEN i % 11 > 0 THEN TIMESTAMP '2024-01-01' + INTERVAL (i % 50) DAY END AS date,
        CASE WHEN i % 3 > 0 THEN 'tag ' || (i % 5) END AS categories FROM range(30000) rows(i)`
      await writeFile(path, await duckdbParquet(query, { codec: 'snappy', version }))
      expect(await decodesSame(path)).toBe(decoded)
    }),
  )
})

/** A copy of the chunk's pages with one byte of one page changed. */
function spoiled(pages: readonly Page[], where: number, to: number): Page[] {
  const sizes = pages.map(({ body }) => body.length)
  let at =
    where %
    Math.max(
      1,
      sizes.reduce((sum, size) => sum + size, 0),
    )
  return pages.map(({ header, body, place }) => {
    const copy = Uint8Array.from(body)
    if (at >= 0 && at < copy.length) copy[at] = to
    at -= copy.length
    return { header, body: copy, place }
  })
}

test('a damaged page gives cells that are whole, or an error', () =>
  withFolder(async folder => {
    const path = join(folder, 'spoiled.parquet')
    const property = fc.asyncProperty(
      anyFile,
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 10, maxLength: 10 }),
      async ({ columns, layout }, changes) => {
        await writeFile(path, parquetOf(columns, layout))
        await withFile(path, async inspected => {
          for (const { rows, pages, flat } of await chunksOf(inspected)) {
            for (const [where, to] of changes) {
              const cells = cellsIfAny(() => flat(spoiled(pages, where, to)), rows)
              expect(cells).not.toContain(undefined)
            }
          }
        })
      },
    )
    await fc.assert(property, { numRuns: 30 })
  }))

function cellsIfAny(decode: () => Cells | undefined, rows: number): unknown[] {
  try {
    const column = decode()
    return column ? cellsOf(column, rows) : []
  } catch (error) {
    expect(error).toBeInstanceOf(Error)
    return []
  }
}
