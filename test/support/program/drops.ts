import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { type Column, type FileOptions, INT64, idOf, MILLIS, parquetOf, TEXT } from '../parquet/columns.ts'
import { duckdbParquet } from '../parquet/duckdb.ts'

/** One measurement, or a row that is to be rejected. */
export interface Row {
  /** The account's number: its id ends in it. */
  readonly account: number
  readonly count: number
  /** RFC 3339. */
  readonly at: string
  readonly categories?: string | null
}

export function columnsOf(rows: readonly Row[]): Column[] {
  return [
    { name: 'account_id', element: TEXT, data: rows.map(({ account }) => idOf(account)) },
    { name: 'subscriber_count', element: INT64, data: rows.map(({ count }) => BigInt(count)) },
    { name: 'date', element: MILLIS, data: rows.map(({ at }) => BigInt(Date.parse(at))) },
    { name: 'categories', element: TEXT, data: rows.map(({ categories = null }) => categories) },
  ]
}

/** @returns the SHA-256 of the file */
export async function writeDrop(path: string, rows: readonly Row[], options: FileOptions = {}): Promise<string> {
  return write(path, parquetOf(columnsOf(rows), options))
}

/** As many as keep the program busy for about a second. */
export const BIG_ROWS = 200_000

/** Enough rows to keep the program busy while a test looks twice or cancels, on a busy machine too. */
export const LONG_ROWS = 1_000_000

const bigDropOf = (rows: number) => `
  SELECT '00000000-0000-4000-8000-' || lpad((i % 2000)::VARCHAR, 12, '0') AS account_id,
    2000 + i AS subscriber_count,
    (TIMESTAMP '2023-01-01' + to_hours(i // 2000))::TIMESTAMP_MS AS date,
    'Gaming;Podcast' AS categories
  FROM range(${rows}) rows(i)`

/** The footer's length and the magic number. */
const TAIL_BYTES = 8

const bigDrops = new Map<number, Promise<Uint8Array>>()

/** The same many rows each time, in other bytes for each `variant`: there is room between the pages and the footer. */
export async function writeBigDrop(path: string, variant: number, rows = BIG_ROWS): Promise<string> {
  const bigDrop = bigDrops.get(rows) ?? duckdbParquet(bigDropOf(rows))
  bigDrops.set(rows, bigDrop)
  const bytes = Buffer.from(await bigDrop)
  const footer = bytes.length - TAIL_BYTES - bytes.readUInt32LE(bytes.length - TAIL_BYTES)
  return write(path, Buffer.concat([bytes.subarray(0, footer), Buffer.alloc(variant), bytes.subarray(footer)]))
}

async function write(path: string, bytes: Uint8Array): Promise<string> {
  await writeFile(path, bytes)
  return createHash('sha256').update(bytes).digest('hex')
}
