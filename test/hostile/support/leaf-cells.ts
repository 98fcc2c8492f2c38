/** Any column of any file, decoded by our decoder and by DuckDB, in words that can be compared. */
import { readFileSync } from 'node:fs'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { AsyncBuffer } from 'hyparquet'
import { unscaled } from '../../../src/ingestion/normalise/count.ts'
import { type Footer, readFooter } from '../../../src/parquet/footer.ts'
import { decodeGenericColumn } from '../../../src/parquet/generic-column.ts'
import { readPages } from '../../../src/parquet/pages.ts'
import { columnChunks } from '../../../src/parquet/row-groups.ts'
import { type Leaf, leavesOf } from '../../../src/parquet/schema.ts'
import { WarningLog } from '../../../src/parquet/warnings.ts'

export interface ParquetFile {
  readonly bytes: AsyncBuffer
  readonly footer: Footer
  readonly leaves: readonly Leaf[]
}

export async function openParquet(path: string): Promise<ParquetFile> {
  const content = Uint8Array.from(readFileSync(path)).buffer
  const bytes = { byteLength: content.byteLength, slice: (start: number, end?: number) => content.slice(start, end) }
  const footer = await readFooter(bytes)
  return { bytes, footer, leaves: leavesOf(footer.schema) }
}

/** All cells of one column as they are stored. */
export async function decodeLeaf({ bytes, footer, leaves }: ParquetFile, leaf: Leaf): Promise<unknown[]> {
  const log = new WarningLog(false)
  const warn = log.forColumn(leaf.path.join('.'))
  const cells: unknown[] = []
  for (const { rows, chunks } of columnChunks(footer, leaves, { leaf })) {
    const pages = await readPages(bytes, chunks.leaf, rows, () => {}, warn)
    const decoded = decodeGenericColumn(pages, chunks.leaf, rows, values => values, warn)
    for (const cell of decoded) cells.push(cell)
  }
  return cells
}

/** How values of a DuckDB type and our physical values are converted to comparable text. */
interface Comparable {
  readonly sql: (expression: string) => string
  readonly ours: (value: unknown, leaf: Leaf, ticksPerMicrosecond: number) => string
}

const hex = (value: unknown) => Buffer.from(value as Uint8Array).toString('hex')
const text = (value: unknown) => Buffer.from(value as Uint8Array).toString('utf8')

function unsigned(bits: number): Comparable {
  return { sql: e => `${e}::VARCHAR`, ours: value => BigInt.asUintN(bits, BigInt(value as number)).toString() }
}

const SIGNED: Comparable = { sql: e => `${e}::VARCHAR`, ours: String }
const INSTANT: Comparable = {
  sql: e => `epoch_us(${e})::VARCHAR`,
  ours: (value, _, ticks) => microseconds(value, ticks),
}
const DOUBLE: Comparable = { sql: e => `${e}::DOUBLE`, ours: String }

const COMPARABLES: Readonly<Record<string, Comparable>> = {
  TINYINT: SIGNED,
  SMALLINT: SIGNED,
  INTEGER: SIGNED,
  BIGINT: SIGNED,
  UTINYINT: unsigned(8),
  USMALLINT: unsigned(16),
  UINTEGER: unsigned(32),
  UBIGINT: unsigned(64),
  FLOAT: DOUBLE,
  DOUBLE,
  VARCHAR: { sql: e => e, ours: text },
  BLOB: { sql: e => `lower(hex(${e}))`, ours: hex },
  DECIMAL: { sql: e => `replace(${e}::VARCHAR, '.', '')::HUGEINT::VARCHAR`, ours: value => String(unscaled(value)) },
  DATE: { sql: e => `(${e} - DATE '1970-01-01')::VARCHAR`, ours: String },
  TIMESTAMP: INSTANT,
  TIMESTAMP_NS: INSTANT,
  'TIMESTAMP WITH TIME ZONE': INSTANT,
  UUID: { sql: e => `replace(${e}::VARCHAR, '-', '')`, ours: hex },
}

function microseconds(value: unknown, ticks: number): string {
  const raw = BigInt(value as bigint)
  return (ticks < 1 ? raw * BigInt(1 / ticks) : raw / BigInt(ticks)).toString()
}

export interface Both {
  readonly ours: readonly unknown[]
  readonly theirs: readonly unknown[]
}

/** The cells of a column as comparable text from both decoders, or why they cannot be compared. */
export async function comparableCells(
  duckdb: DuckDBConnection,
  path: string,
  file: ParquetFile,
  leaf: Leaf,
): Promise<Both | string> {
  const isList = leaf.maxRepetition === 1 && leaf.path.length <= 3
  if (leaf.type === 'BOOLEAN' || (leaf.maxRepetition > 0 && !isList)) return 'no column has this type'
  if (leaf.typeLength === 2) return 'half floats are compared by other tests'
  const parts = isList ? leaf.path.slice(0, 1) : leaf.path
  const expression = parts.map(part => `"${part}"`).join('.')
  const source = `read_parquet('${path}')`
  const type = await typeOf(duckdb, expression, source)
  const comparable = type && COMPARABLES[type.replace(/\[\]$/, '').replace(/\(.*/, '')]
  if (!comparable || type.endsWith('[]') !== isList) return `DuckDB has it as ${type}`
  const converted = isList ? `list_transform(${expression}, x -> ${comparable.sql('x')})` : comparable.sql(expression)
  const rows = await rowsOf(duckdb, `SELECT ${converted} AS cell FROM ${source}`)
  if (typeof rows === 'string') return rows
  const theirs = rows.map(([cell]) => canonical(cell))
  const convert = (value: unknown): unknown =>
    value == null ? null : Array.isArray(value) ? value.map(convert) : comparable.ours(value, leaf, ticksOf(leaf))
  return { ours: (await decodeLeaf(file, leaf)).map(convert), theirs }
}

async function typeOf(duckdb: DuckDBConnection, expression: string, source: string): Promise<string | undefined> {
  try {
    const reader = await duckdb.runAndReadAll(`DESCRIBE SELECT ${expression} AS cell FROM ${source}`)
    return String(reader.getRowsJS()[0]?.[1])
  } catch {
    return undefined
  }
}

async function rowsOf(duckdb: DuckDBConnection, sql: string): Promise<unknown[][] | string> {
  try {
    return (await duckdb.runAndReadAll(sql)).getRowsJS()
  } catch (error) {
    return `DuckDB cannot read it: ${error}`
  }
}

function canonical(cell: unknown): unknown {
  if (Array.isArray(cell)) return cell.map(canonical)
  return cell === null || cell === undefined ? null : String(cell)
}

/** Of a stored instant, in a microsecond. */
function ticksOf({ type, element }: Leaf): number {
  if (type === 'INT96') return 1000
  const unit = element.logical_type?.type === 'TIMESTAMP' ? element.logical_type.unit : element.converted_type
  return unit === 'NANOS' ? 1000 : unit === 'MILLIS' || unit === 'TIMESTAMP_MILLIS' ? 0.001 : 1
}
