/** Parquet files of exactly the wanted schema, values, encodings and pages (data pages of version 2). */
import type { CompressionCodec, DecodedArray, Encoding, SchemaElement } from 'hyparquet'
import { type ParquetWriteOptions, parquetWriteBuffer } from 'hyparquet-writer'

/** A column: its schema element, those below it if it is a group, and physical values. */
export interface Column {
  readonly name: string
  readonly element: Omit<SchemaElement, 'name'>
  readonly below?: readonly SchemaElement[]
  readonly data: DecodedArray
  readonly encoding?: Encoding
}

export interface FileOptions {
  readonly codec?: CompressionCodec
  readonly compressors?: NonNullable<ParquetWriteOptions['compressors']>
  /** In rows. */
  readonly rowGroupSize?: number
  /** In bytes. */
  readonly pageSize?: number
}

export function parquetOf(columns: readonly Column[], options: FileOptions = {}): Uint8Array {
  const schema: SchemaElement[] = [{ name: 'schema', num_children: columns.length }]
  for (const { name, element, below = [] } of columns) schema.push({ name, ...element }, ...below)
  const columnData = columns.map(({ name, data, encoding }) => ({ name, data, ...(encoding && { encoding }) }))
  return new Uint8Array(parquetWriteBuffer({ codec: 'UNCOMPRESSED', ...options, schema, columnData }))
}

export const TEXT = { type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL', converted_type: 'UTF8' } as const
/** Text without an annotation, as older writers leave it. */
export const BYTES = { type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' } as const
export const FIXED = { type: 'FIXED_LEN_BYTE_ARRAY', repetition_type: 'OPTIONAL' } as const
export const INT64 = { type: 'INT64', repetition_type: 'OPTIONAL' } as const
export const MILLIS = { ...INT64, converted_type: 'TIMESTAMP_MILLIS' } as const

const PLAIN_DATE = Date.UTC(2024, 4, 1, 12)

/** The account id that ends in `n`. */
export function idOf(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
}

/** The columns of a plain drop with `rows` rows, some of them replaced. */
export function dropColumns(rows: number, replaced: readonly Column[] = []): Column[] {
  const numbers = Array.from({ length: rows }, (_, i) => i + 1)
  const plain: Column[] = [
    { name: 'account_id', element: TEXT, data: numbers.map(idOf) },
    { name: 'subscriber_count', element: INT64, data: numbers.map(n => BigInt(1000 + n)) },
    { name: 'date', element: MILLIS, data: numbers.map(() => BigInt(PLAIN_DATE)) },
    { name: 'categories', element: TEXT, data: numbers.map(() => 'Gaming') },
  ]
  return plain.map(column => replaced.find(({ name }) => name === column.name) ?? column)
}

/** A LIST of text in its present form, of elements that are never null. */
export function listColumn(repetition: 'REQUIRED' | 'OPTIONAL', data: (string[] | null)[]): Column {
  const element = { repetition_type: repetition, converted_type: 'LIST', num_children: 1 } as const
  const below: SchemaElement[] = [
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', ...TEXT, repetition_type: 'REQUIRED' },
  ]
  return { name: 'categories', element, below, data }
}
