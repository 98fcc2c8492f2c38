import type { AsyncBuffer, LogicalType, ParquetType, SchemaElement } from 'hyparquet'
import { CompressionCodecs, ConvertedTypes, FieldRepetitionTypes, ParquetTypes } from 'hyparquet/src/constants.js'
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js'
import type { AppError } from '../domain/errors.ts'
import { corrupt } from './warnings.ts'

/*
 * Reads of the footer what decoding needs. hyparquet's own `parquetMetadata` converts all of it, statistics and
 * key-value metadata of every column included, and fails when any of that has an unusual form.
 */

/** An element of the schema: a group, which may have no children, or a leaf, which may have an unknown type. */
export type FooterElement = SchemaElement & { readonly isGroup: boolean }

export interface Footer {
  /** Depth first; the first element is the root. */
  readonly schema: FooterElement[]
  readonly rows: bigint
  readonly rowGroups: readonly FooterRowGroup[]
  /** Offset of the footer in the file: all pages end before it. */
  readonly start: number
}

export interface FooterRowGroup {
  readonly rows: bigint
  /** One for each column of the schema, as thrift structs: see `chunkMetadata`. */
  readonly columns: readonly unknown[]
}

/** What the footer says of a column chunk. */
export interface ChunkMetadata {
  readonly type: ParquetType | undefined
  readonly path: readonly string[]
  /** Undefined for a codec of an unknown number. */
  readonly codec: string | undefined
  /** Nulls included; in a list column, one for each element and each empty list. */
  readonly values: bigint
  readonly uncompressedSize: bigint
  readonly compressedSize: bigint
  readonly statistics: ChunkStatistics | undefined
}

/** Bounds as they are stored, in the byte order of their type. */
export interface ChunkStatistics {
  readonly nulls: bigint | undefined
  readonly min: Uint8Array | undefined
  readonly max: Uint8Array | undefined
}

// biome-ignore lint/suspicious/noExplicitAny: a damaged footer can have any shape
type Thrift = any

/** The footer's length and the magic number. */
const TAIL_BYTES = 8
/** Read at once; most footers are smaller. */
const FIRST_READ_BYTES = 512 * 1024

/** @throws AppError CORRUPT_PARQUET when the schema, the row counts or the row groups cannot be read */
export async function readFooter(file: AsyncBuffer): Promise<Footer> {
  const tail = await file.slice(Math.max(0, file.byteLength - FIRST_READ_BYTES))
  const length = new DataView(tail).getUint32(tail.byteLength - TAIL_BYTES, true)
  const start = file.byteLength - TAIL_BYTES - length
  if (start < 0) throw unreadable()
  const end = file.byteLength - TAIL_BYTES
  const bytes =
    length + TAIL_BYTES <= tail.byteLength
      ? tail.slice(tail.byteLength - TAIL_BYTES - length)
      : await file.slice(start, end)
  try {
    return footerOf(deserializeTCompactProtocol({ view: new DataView(bytes, 0, length), offset: 0 }), start)
  } catch {
    throw unreadable()
  }
}

function footerOf(thrift: Thrift, start: number): Footer {
  return {
    schema: thrift.field_2.map(schemaElement),
    rows: int64(thrift.field_3),
    rowGroups: thrift.field_4.map((group: Thrift) => ({ rows: int64(group.field_3), columns: list(group.field_1) })),
    start,
  }
}

function schemaElement(thrift: Thrift): FooterElement {
  const type = ParquetTypes[thrift.field_1]
  return {
    isGroup: thrift.field_1 === undefined || thrift.field_5 > 0,
    name: text(thrift.field_4),
    ...(type && { type }),
    type_length: thrift.field_2,
    num_children: thrift.field_5,
    scale: thrift.field_7,
    precision: thrift.field_8,
    repetition_type: FieldRepetitionTypes[thrift.field_3],
    converted_type: ConvertedTypes[thrift.field_6],
    logical_type: logicalType(thrift.field_10),
  } as FooterElement
}

/** By their field numbers in parquet.thrift. */
const LOGICAL_TYPES: Readonly<Record<string, string>> = {
  field_1: 'STRING',
  field_2: 'MAP',
  field_3: 'LIST',
  field_4: 'ENUM',
  field_5: 'DECIMAL',
  field_6: 'DATE',
  field_7: 'TIME',
  field_8: 'TIMESTAMP',
  field_10: 'INTEGER',
  field_11: 'NULL',
  field_12: 'JSON',
  field_13: 'BSON',
  field_14: 'UUID',
  field_15: 'FLOAT16',
  field_16: 'VARIANT',
  field_17: 'GEOMETRY',
  field_18: 'GEOGRAPHY',
}

const TIME_UNITS: Readonly<Record<string, string>> = { field_1: 'MILLIS', field_2: 'MICROS', field_3: 'NANOS' }

/** A type of an unknown number has no `type`, and a time of an unknown unit no `unit`. */
function logicalType(thrift: Thrift): LogicalType | undefined {
  if (thrift === undefined) return undefined
  const [field = ''] = Object.keys(thrift)
  const type = LOGICAL_TYPES[field]
  const details = thrift[field]
  switch (type) {
    case 'DECIMAL':
      return { type, scale: details.field_1, precision: details.field_2 }
    case 'INTEGER':
      return { type, bitWidth: details.field_1, isSigned: details.field_2 }
    case 'TIME':
    case 'TIMESTAMP': {
      const unit = TIME_UNITS[Object.keys(details.field_2 ?? {})[0] ?? '']
      return { type, isAdjustedToUTC: details.field_1, unit } as LogicalType
    }
    default:
      return { type } as LogicalType
  }
}

/**
 * The metadata of a column chunk; undefined when the footer has none in plain text.
 *
 * @throws AppError CORRUPT_PARQUET when it lacks a field that decoding needs
 */
export function chunkMetadata(column: unknown): ChunkMetadata | undefined {
  const metadata = (column as Thrift)?.field_3
  if (metadata === undefined) return undefined
  try {
    return {
      type: ParquetTypes[metadata.field_1],
      path: list(metadata.field_3).map(text),
      codec: CompressionCodecs[metadata.field_4],
      values: int64(metadata.field_5),
      uncompressedSize: int64(metadata.field_6),
      compressedSize: int64(metadata.field_7),
      statistics: chunkStatistics(metadata.field_12),
    }
  } catch {
    throw unreadable()
  }
}

/** Offset of the first page of a column chunk; undefined when the footer has none in plain text. */
export function chunkStart(column: unknown): number | undefined {
  const { field_9: data, field_11: dictionary } = (column as Thrift)?.field_3 ?? {}
  if (typeof data !== 'bigint') return undefined
  // A dictionary precedes the data pages; some writers declare one at 0 or behind them.
  const isFirst = typeof dictionary === 'bigint' && dictionary > 0n && dictionary < data
  return Number(isFirst ? dictionary : data)
}

/** The name that a column chunk repeats, with the groups around it; undefined when the footer has none. */
export function chunkPath(column: unknown): readonly string[] | undefined {
  const path = (column as Thrift)?.field_3?.field_3
  return Array.isArray(path) ? path.map(text) : undefined
}

/** Whether a column chunk is encrypted, with its metadata or without. */
export function isEncrypted(column: unknown): boolean {
  return (column as Thrift)?.field_8 !== undefined
}

/** Statistics of an unexpected form are none. */
function chunkStatistics(thrift: Thrift): ChunkStatistics | undefined {
  if (typeof thrift !== 'object') return undefined
  const { field_3: nulls, field_5: max, field_6: min } = thrift
  return {
    nulls: typeof nulls === 'bigint' ? nulls : undefined,
    min: min instanceof Uint8Array ? min : undefined,
    max: max instanceof Uint8Array ? max : undefined,
  }
}

function int64(value: Thrift): bigint {
  if (typeof value !== 'bigint') throw new TypeError('not a 64-bit integer')
  return value
}

function list(value: Thrift): unknown[] {
  if (!Array.isArray(value)) throw new TypeError('not a list')
  return value
}

const decoder = new TextDecoder()

function text(value: Thrift): string {
  return value instanceof Uint8Array ? decoder.decode(value) : ''
}

function unreadable(): AppError {
  return corrupt('its footer cannot be read.')
}
