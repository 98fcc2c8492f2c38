/** Whole files of random types and values against the plain rules: what comes out must not depend on how it is stored. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { SchemaElement } from 'hyparquet'
import { NaiveStore, TooManyRejectedRows } from '../support/oracle/naive.ts'
import type { Cell, Column as ColumnName, RawRow } from '../support/oracle/types.ts'
import { BYTES, type Column, FIXED, INT64, idOf, listColumn, parquetOf, TEXT } from '../support/parquet/columns.ts'
import { type TestDatabase, withDatabase } from './support/database.ts'

/** A type that a column can have: what stands in its cells, and how that is handed to the writer. */
interface Kind<C extends Cell = Cell> {
  readonly element: Omit<SchemaElement, 'name'>
  readonly cell: fc.Arbitrary<C>
  readonly stored: (cell: NonNullable<C>) => unknown
}

/** One kind of many, without its type. */
function kind<C extends Cell>(element: Kind['element'], cell: fc.Arbitrary<C>, stored: Kind<C>['stored']): Kind {
  return { element, cell, stored: stored as Kind['stored'] }
}

function mostly<T>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 20, arbitrary: good }, { weight: 1, arbitrary: bad })
}

const asIs = (cell: unknown) => cell
const utf8 = (text: string) => Buffer.from(text)
const notUtf8 = fc.constantFrom('ff', '31ff', 'c0af', 'eda080').map(hex => ({ bytes: Buffer.from(hex, 'hex') }))
const bytesOf = (cell: unknown) => (typeof cell === 'string' ? utf8(cell) : (cell as { bytes: Uint8Array }).bytes)

/** Text under its annotation, or as bare bytes, which need not be text. */
function textKinds(good: fc.Arbitrary<string>, bad: fc.Arbitrary<string | null>): Kind[] {
  return [
    kind(TEXT, mostly(good, bad), asIs),
    kind(BYTES, fc.oneof({ weight: 20, arbitrary: mostly(good, bad) }, { weight: 1, arbitrary: notUtf8 }), bytesOf),
  ]
}

const ids = [1, 2, 3].map(idOf)
const hexOf = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex')
const accountIds: readonly Kind[] = [
  ...textKinds(
    fc.constantFrom(...ids, ` {${ids[0]}}`, `\u3000${ids[1]}\n`),
    fc.constantFrom(null, '', 'é', `${ids[0]}0`),
  ),
  kind(
    { ...FIXED, type_length: 16, logical_type: { type: 'UUID' } },
    mostly(
      fc.constantFrom(...ids).map(id => ({ uuid: hexOf(id) })),
      fc.constant(null),
    ),
    ({ uuid }) => uuid,
  ),
]

const FIRST = Date.UTC(2000, 0, 1)
const instant = mostly(
  fc.constantFrom(FIRST, Date.UTC(2024, 1, 29), Date.UTC(2024, 4, 1, 12, 0, 7, 123)),
  fc.constantFrom(FIRST - 1, 0, -1, Date.UTC(2200, 0, 1)),
)
const orNull = <T>(cell: fc.Arbitrary<T>) => mostly<T | null>(cell, fc.constant(null))

function timestamp(unit: 'ms' | 'us' | 'ns', element: Partial<SchemaElement>): Kind {
  const perMs = { ms: 1n, us: 1000n, ns: 1_000_000n }[unit]
  const cell = fc
    .tuple(instant, fc.bigInt({ min: 0n, max: perMs - 1n }))
    .map(([ms, finer]) => ({ timestamp: BigInt(ms) * perMs + finer, unit }))
  return kind({ ...INT64, ...element }, orNull(cell), ({ timestamp }) => timestamp)
}

const dates: readonly Kind[] = [
  ...textKinds(
    fc.constantFrom('2024-05-01', '2024-05-01T12:00:07.1239Z', '2024-05-01 12:00+05:30', '2000-01-01T00:00'),
    fc.constantFrom(null, '', '2023-02-29', '1999-12-31', '9999-12-31', 'é', '2024-05-01T24:00', '~'),
  ),
  timestamp('ms', { converted_type: 'TIMESTAMP_MILLIS' }),
  timestamp('us', { converted_type: 'TIMESTAMP_MICROS' }),
  timestamp('ms', { logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' } }),
  timestamp('us', { logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MICROS' } }),
  timestamp('ns', { logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'NANOS' } }),
  kind(
    { type: 'INT32', repetition_type: 'OPTIONAL', converted_type: 'DATE' },
    orNull(mostly(fc.constantFrom(10_957, 19_844), fc.constantFrom(-1, 10_956, 2 ** 31 - 1)).map(days => ({ days }))),
    ({ days }) => days,
  ),
  kind(
    INT64,
    orNull(
      mostly(
        fc.constantFrom(946_684_800n, 1_714_564_800n, 1_714_564_800_999n, 1_714_564_800_999_999n),
        fc.constantFrom(-1n, 0n, 99_999_999_999n, 2n ** 63n - 1n, -(2n ** 63n)),
      ),
    ),
    asIs,
  ),
  kind(
    { type: 'INT32', repetition_type: 'OPTIONAL' },
    orNull(mostly(fc.constantFrom(946_684_800, 1_714_564_800), fc.constantFrom(-1, 0))),
    asIs,
  ),
]

const anyNumber = mostly(
  fc.constantFrom(0, -0, 0.25, 0.5, 900, 1000.5, 1001, 16_777_216),
  fc.constantFrom(NaN, Infinity, -Infinity, -0.25, -1, 2 ** 60, 1e-30),
)

function decimal(element: Omit<SchemaElement, 'name'>, scale: number, max: bigint): Kind {
  const unscaled = mostly(fc.bigInt({ min: 1n, max }), fc.bigInt({ min: -max, max: -1n }))
  const cell = orNull(unscaled.map(decimal => ({ decimal, scale })))
  return kind({ ...element, converted_type: 'DECIMAL', precision: 18, scale }, cell, ({ decimal }) => decimal)
}

const counts: readonly Kind[] = [
  ...textKinds(
    fc.constantFrom('0', '900', '1200.5', '1200.49', '007', '-0'),
    fc.constantFrom(null, '', '-1', '1e3', '9007199254740992', 'é'),
  ),
  kind({ type: 'DOUBLE', repetition_type: 'OPTIONAL' }, orNull(anyNumber), asIs),
  kind({ type: 'FLOAT', repetition_type: 'OPTIONAL' }, orNull(anyNumber.map(Math.fround)), asIs),
  kind({ type: 'INT32', repetition_type: 'OPTIONAL' }, orNull(fc.integer({ min: -3, max: 2 ** 31 - 1 })), asIs),
  kind(INT64, orNull(mostly(fc.bigInt({ min: 0n, max: 2n ** 53n }), fc.constantFrom(-1n, 2n ** 63n - 1n))), asIs),
  kind(
    { type: 'INT32', repetition_type: 'OPTIONAL', converted_type: 'UINT_32' },
    orNull(fc.integer({ min: 0, max: 2 ** 32 - 1 })),
    asIs,
  ),
  decimal({ type: 'INT32', repetition_type: 'OPTIONAL' }, 2, 10n ** 9n),
  decimal(INT64, 4, 10n ** 18n),
  decimal({ ...FIXED, type_length: 9 }, 3, 10n ** 18n),
  decimal(BYTES, 1, 10n ** 18n),
]

const names = fc.constantFrom(
  'Gaming',
  'GAMING',
  ' Podcast ',
  '',
  'Two  words',
  'é',
  'e\u0301',
  '\u{1F600}',
  'x'.repeat(100),
)
const badNames = fc.constantFrom('x'.repeat(101), 'a\u0000b', '\u0085')
const parts = fc.array(mostly(names, badNames), { maxLength: 4, size: 'max' })
const categories: readonly Kind[] = [
  ...textKinds(
    parts.map(parts => parts.join(';')),
    fc.constant(null),
  ),
  kind(listColumn('OPTIONAL', []).element, orNull(parts), asIs),
]

const COLUMNS: readonly (readonly [ColumnName, readonly Kind[]])[] = [
  ['account_id', accountIds],
  ['date', dates],
  ['subscriber_count', counts],
  ['categories', categories],
]

/** Columns of some length, each of one kind, as the oracle and as the writer see them. */
const anyColumns = fc
  .tuple(fc.integer({ min: 1, max: 60 }), ...COLUMNS.map(([, kinds]) => fc.constantFrom(...kinds)))
  .chain(([rows, ...kinds]) =>
    fc.tuple(...kinds.map(({ cell }) => fc.array(cell, { minLength: rows, maxLength: rows }))).map(cells => ({
      rows: Array.from({ length: rows }, (_, row) => rawRow(cells.map(column => column[row]!))),
      columns: COLUMNS.map(([name], i) => writtenColumn(name, kinds[i]!, cells[i]!)),
    })),
  )

function rawRow(cells: readonly Cell[]): RawRow {
  return Object.fromEntries(COLUMNS.map(([name], i) => [name, cells[i]!])) as unknown as RawRow
}

function writtenColumn(name: ColumnName, { element, stored }: Kind, cells: readonly Cell[]): Column {
  const data = cells.map(cell => (cell === null ? null : stored(cell)))
  return element.num_children ? listColumn('OPTIONAL', data as string[][]) : { name, element, data }
}

const anyLayout = fc.record({
  rowGroupSize: fc.integer({ min: 1, max: 70 }),
  pageSize: fc.constantFrom(30, 200, 1_000_000),
  codec: fc.constantFrom('UNCOMPRESSED', 'SNAPPY'),
})

function outcomeOf(naive: NaiveStore, rows: readonly RawRow[]) {
  try {
    const { id: _, rejectedRows, rejections: __, ...figures } = naive.ingest(rows, { id: 'x', now: Date.now() })
    return { figures: { status: 'SUCCEEDED', ...figures }, rejectedRows }
  } catch (error) {
    if (!(error instanceof TooManyRejectedRows)) throw error
    const { rejectedRows, rowsRead } = error
    return { figures: { status: 'FAILED', rowsRead, rejected: rejectedRows.length, inserted: 0 }, rejectedRows }
  }
}

async function expectSame(database: TestDatabase, file: Uint8Array, rows: readonly RawRow[]) {
  const naive = new NaiveStore()
  const { figures, rejectedRows } = outcomeOf(naive, rows)
  const path = join(database.folder, 'any.parquet')
  await writeFile(path, file)
  const ingestion = await database.ingest(path)
  expect(ingestion).toMatchObject(figures)
  expect(database.rejectedRows(ingestion.id).map(({ row: _, ...row }) => row)).toEqual(rejectedRows)
  const expected = naive
    .allMeasurements()
    .map(row => [row.accountId, new Date(row.measuredAt).toISOString(), row.subscriberCount, row.categories])
    .sort((a, b) => (`${a[0]} ${a[1]}` < `${b[0]} ${b[1]}` ? -1 : 1))
  expect(database.measurements()).toEqual(expected)
}

test('any file is judged as the plain rules judge its rows', async () => {
  const property = fc.asyncProperty(anyColumns, anyLayout, ({ rows, columns }, layout) =>
    withDatabase(database => expectSame(database, parquetOf(columns, layout), rows)),
  )
  await fc.assert(property, { numRuns: 20 })
})
