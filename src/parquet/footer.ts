import type { AsyncBuffer, ColumnMetaData, LogicalType, SchemaElement, Statistics } from 'hyparquet'
import { CompressionCodecs, ConvertedTypes, FieldRepetitionTypes, ParquetTypes } from 'hyparquet/src/constants.js'
import { convertMetadata } from 'hyparquet/src/metadata.js'
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js'
import { corrupt } from './corrupt.ts'

/*
 * Reads the footer on hyparquet's Thrift reader. hyparquet's own `parquetMetadata` interprets everything at once, and
 * fails on a file whose key-value metadata or whose statistics of another column are out of the ordinary. Here a column's
 * metadata is interpreted when the column is needed.
 */

/** A footer, with the metadata of each column chunk still to be interpreted. */
export interface Footer {
  readonly schema: readonly SchemaElement[]
  readonly rows: bigint
  readonly groups: readonly FooterRowGroup[]
  /** Where the footer begins in the file. */
  readonly start: number
}

export interface FooterRowGroup {
  readonly rows: bigint
  readonly columns: readonly FooterColumn[]
}

export interface FooterColumn {
  readonly isEncrypted: boolean
  /** Where its first page is; undefined when the footer does not say. */
  readonly start: number | undefined
  readonly path: readonly string[] | undefined
  /** @throws Error when the metadata is absent or cannot be read */
  metadata(): ChunkMetadata
  /** @throws Error when the statistics cannot be read */
  statistics(element: SchemaElement): Statistics | undefined
}

export type ChunkMetadata = Pick<
  ColumnMetaData,
  | 'type'
  | 'codec'
  | 'num_values'
  | 'total_uncompressed_size'
  | 'total_compressed_size'
  | 'data_page_offset'
  | 'dictionary_page_offset'
>

/** The footer's length and the magic number. */
const TAIL_BYTES = 8
/** Most footers are read with their length in one go. */
const FIRST_READ_BYTES = 1 << 19

/**
 * Reads the footer of a file that ends in the magic number.
 *
 * @throws AppError CORRUPT_PARQUET, or any error for a footer that cannot be read
 */
export async function readFooter(file: AsyncBuffer): Promise<Footer> {
  const from = Math.max(0, file.byteLength - FIRST_READ_BYTES)
  const end = new DataView(await file.slice(from, file.byteLength))
  const length = end.getUint32(end.byteLength - TAIL_BYTES, true)
  const start = file.byteLength - TAIL_BYTES - length
  if (start < 0) throw corrupt('its footer is longer than the file.')
  const isRead = start >= from
  const view = isRead ? end : new DataView(await file.slice(start, file.byteLength))
  return footerOf(deserializeTCompactProtocol({ view, offset: isRead ? start - from : 0 }), start)
}

/** A Thrift struct: its fields by their numbers in the format's definition (parquet.thrift). */
type Struct = Readonly<Record<string, unknown>>

function footerOf(metadata: Struct, start: number): Footer {
  return {
    schema: list(metadata.field_2).map(schemaElement),
    rows: metadata.field_3 as bigint,
    groups: list(metadata.field_4).map(group => ({
      rows: group.field_3 as bigint,
      columns: list(group.field_1).map(footerColumn),
    })),
    start,
  }
}

function list(field: unknown): Struct[] {
  if (!Array.isArray(field)) throw new Error('a list is missing from the footer')
  return field as Struct[]
}

function text(field: unknown): string {
  return new TextDecoder().decode(field as Uint8Array)
}

function schemaElement(field: Struct): SchemaElement {
  const element = {
    // A number that stands for no type is a column all the same, and not a group.
    type: field.field_1 === undefined ? undefined : (ParquetTypes[field.field_1 as number] ?? 'UNKNOWN'),
    type_length: field.field_2,
    repetition_type: FieldRepetitionTypes[field.field_3 as number],
    name: text(field.field_4),
    num_children: field.field_5,
    converted_type: ConvertedTypes[field.field_6 as number],
    scale: field.field_7,
    logical_type: logicalType(field.field_10 as Struct | undefined),
  }
  return element as SchemaElement
}

const LOGICAL_TYPES: Readonly<Record<string, LogicalType['type']>> = {
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

/** Undefined for a logical type that is not known: the column is then what its physical type says. */
function logicalType(union: Struct | undefined): LogicalType | undefined {
  const [[field, value] = []] = Object.entries(union ?? {})
  const type = field === undefined ? undefined : LOGICAL_TYPES[field]
  const { field_1, field_2 } = (value ?? {}) as Struct
  if (type === undefined) return undefined
  if (type === 'DECIMAL') return { type, scale: field_1 as number, precision: field_2 as number }
  if (type === 'INTEGER') return { type, bitWidth: field_1 as number, isSigned: field_2 as boolean }
  if (type === 'TIMESTAMP') {
    const unit = (['MILLIS', 'MICROS', 'NANOS'] as const)[Number(Object.keys(field_2 ?? {})[0]?.slice(6)) - 1]
    return { type, isAdjustedToUTC: field_1 as boolean, unit } as LogicalType
  }
  return { type } as LogicalType
}

function footerColumn(column: Struct): FooterColumn {
  const found = column.field_3 as Struct | undefined
  return {
    isEncrypted: column.field_8 !== undefined,
    start: found && startOf(found.field_9, found.field_11),
    path: found && Array.isArray(found.field_3) ? found.field_3.map(text) : undefined,
    metadata() {
      if (!found) throw new Error('a column chunk without metadata')
      return {
        type: ParquetTypes[found.field_1 as number]!,
        codec: CompressionCodecs[found.field_4 as number]!,
        num_values: BigInt(found.field_5 as bigint),
        total_uncompressed_size: BigInt(found.field_6 as bigint),
        total_compressed_size: BigInt(found.field_7 as bigint),
        data_page_offset: BigInt(found.field_9 as bigint),
        dictionary_page_offset: found.field_11 as bigint,
      }
    },
    statistics: element => statistics(found?.field_12 as Struct | undefined, element),
  }
}

/** A dictionary comes before the data pages; some writers claim one at 0, or behind them. */
function startOf(data: unknown, dictionary: unknown): number | undefined {
  if (typeof data !== 'bigint') return undefined
  return Number(typeof dictionary === 'bigint' && dictionary > 0n && dictionary < data ? dictionary : data)
}

/** Bounds are compared with values as they are stored. */
const AS_STORED = {
  stringFromBytes: keep,
  dateFromDays: keep,
  timestampFromMilliseconds: keep,
  timestampFromMicroseconds: keep,
  timestampFromNanoseconds: keep,
  uuidFromBytes: keep,
}

function keep<Value>(value: Value): Value {
  return value
}

function statistics(found: Struct | undefined, element: SchemaElement): Statistics | undefined {
  if (!found) return undefined
  const bound = (field: unknown) => convertMetadata(field as Uint8Array | undefined, element, AS_STORED as never)
  return {
    null_count: found.field_3,
    max_value: bound(found.field_5),
    min_value: bound(found.field_6),
  } as Statistics
}
