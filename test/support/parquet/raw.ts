/** Parquet files byte by byte, which may tell any lie: nothing that is written here is checked. */
import { ByteWriter } from 'hyparquet-writer'
import { serializeTCompactProtocol } from 'hyparquet-writer/src/thrift.js'
import type { Thrift } from './edit.ts'

export const TYPE = { int32: 1, int64: 2, double: 5, bytes: 6, fixed: 7 } as const
export const CODEC = { none: 0, snappy: 1, gzip: 2, brotli: 4, lz4: 5, zstd: 6, lz4Raw: 7 } as const
export const ENCODING = {
  plain: 0,
  rle: 3,
  deltaBinary: 5,
  deltaLength: 6,
  deltaBytes: 7,
  dictionary: 8,
  split: 9,
} as const
const UTF8 = 0
const TIMESTAMP_MILLIS = 9

/** A page: its header by the field numbers of parquet.thrift, and its body as it is stored. */
export interface RawPage {
  readonly header: Thrift
  readonly body: Uint8Array
}

export interface RawColumn {
  readonly name: string
  /** Its schema element and those below it, with their names. */
  readonly schema: readonly Thrift[]
  readonly pages: readonly RawPage[]
  readonly codec?: number
  /** Changes to the column's metadata, applied after the correct metadata was made. */
  readonly lie?: (metadata: Thrift) => void
}

export interface RawGroup {
  readonly rows: number
  readonly columns: readonly RawColumn[]
}

/** @param lie changes the footer before it is written */
export function rawParquet(groups: readonly RawGroup[], lie: (footer: Thrift) => void = () => {}): Uint8Array {
  const parts: Uint8Array[] = [Buffer.from('PAR1')]
  let at = 4
  const put = (bytes: Uint8Array) => {
    parts.push(bytes)
    at += bytes.length
  }
  const rowGroups = groups.map(({ rows, columns }) => ({
    field_1: columns.map(column => ({ field_2: BigInt(at), field_3: chunk(column, at, put) })),
    field_2: 0n,
    field_3: BigInt(rows),
  }))
  const schema = groups[0]?.columns.flatMap(column => column.schema) ?? []
  const root = { field_4: Buffer.from('schema'), field_5: groups[0]?.columns.length ?? 0 }
  const rows = groups.reduce((sum, group) => sum + group.rows, 0)
  const footer: Thrift = { field_1: 1, field_2: [root, ...schema], field_3: BigInt(rows), field_4: rowGroups }
  lie(footer)
  const bytes = thrift(footer)
  return Buffer.concat([...parts, bytes, u32(bytes.length), Buffer.from('PAR1')])
}

function chunk(column: RawColumn, start: number, put: (bytes: Uint8Array) => void): Thrift {
  const written = column.pages.map(({ header, body }) => ({ header, bytes: Buffer.concat([thrift(header), body]) }))
  for (const { bytes } of written) put(bytes)
  const stored = written.reduce((sum, { bytes }) => sum + bytes.length, 0)
  const unfolded = written.reduce((sum, { bytes, header }) => sum + bytes.length - header.field_3 + header.field_2, 0)
  const dictionary = written[0]?.header.field_1 === 2 ? written[0].bytes.length : 0
  const values = column.pages.reduce((sum, { header }) => sum + valuesOf(header), 0)
  const metadata: Thrift = {
    field_1: leafOf(column).field_1,
    field_2: [ENCODING.plain],
    field_3: pathOf(column).map(name => Buffer.from(name)),
    field_4: column.codec ?? CODEC.none,
    field_5: BigInt(values),
    field_6: BigInt(unfolded),
    field_7: BigInt(stored),
    field_9: BigInt(start + dictionary),
    ...(dictionary > 0 && { field_11: BigInt(start) }),
  }
  column.lie?.(metadata)
  return metadata
}

function valuesOf({ field_5: v1, field_8: v2 }: Thrift): number {
  return (v1 ?? v2)?.field_1 ?? 0
}

function leafOf({ schema }: RawColumn): Thrift {
  return schema.at(-1)!
}

function pathOf({ schema }: RawColumn): string[] {
  return schema.map(({ field_4 }) => Buffer.from(field_4).toString())
}

export function thrift(struct: Thrift): Uint8Array {
  const writer = new ByteWriter()
  serializeTCompactProtocol(writer, inOrder(struct))
  return writer.getBytes()
}

/** Changes are applied after the correct metadata; fields are still written in the order of their numbers. */
function inOrder(struct: Thrift): Thrift {
  const fields = Object.entries(struct).map(([key, value]) => [Number(key.slice(6)), ordered(value)] as const)
  return Object.fromEntries(fields.sort(([a], [b]) => a - b).map(([number, value]) => [`field_${number}`, value]))
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  const isStruct = typeof value === 'object' && value !== null && !(value instanceof Uint8Array)
  return isStruct ? inOrder(value as Thrift) : value
}

export function u32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

export function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let left = value
  for (; left > 0x7f; left = Math.floor(left / 128)) bytes.push((left % 128) | 0x80)
  return Uint8Array.of(...bytes, left)
}

/** A run of the hybrid encoding: `count` times a value that fits one byte. */
export function run(count: number, value: number): Uint8Array {
  return Buffer.concat([varint(count * 2), Uint8Array.of(value)])
}

/** One bit-packed run, of values of one byte each. */
export function packed(values: readonly number[]): Uint8Array {
  const groups = Math.ceil(values.length / 8)
  return Buffer.concat([
    varint(groups * 2 + 1),
    Buffer.alloc(groups * 8).fill(Uint8Array.from(values), 0, values.length),
  ])
}

export function plainText(...values: readonly (string | Uint8Array)[]): Uint8Array {
  const bytes = values.map(value => Buffer.from(value as string))
  return Buffer.concat(bytes.flatMap(value => [u32(value.length), value]))
}

export function plainInt64(...values: readonly bigint[]): Uint8Array {
  return new Uint8Array(BigInt64Array.from(values).buffer)
}

export interface PageOptions {
  readonly encoding?: number
  /** As its header claims. */
  readonly unfolded?: number
  readonly stored?: number
  readonly crc?: number
}

function header(type: number, body: Uint8Array, { unfolded, stored, crc }: PageOptions, details: Thrift): Thrift {
  const sizes = { field_1: type, field_2: unfolded ?? body.length, field_3: stored ?? body.length }
  return { ...sizes, ...(crc !== undefined && { field_4: crc }), ...details }
}

/** Version 1, of a required column, or with its levels in the body. */
export function dataPage(values: number, body: Uint8Array, options: PageOptions = {}): RawPage {
  const encoding = options.encoding ?? ENCODING.plain
  const details = { field_1: values, field_2: encoding, field_3: ENCODING.rle, field_4: ENCODING.rle }
  return { header: header(0, body, options, { field_5: details }), body }
}

export function dictionaryPage(values: number, body: Uint8Array, options: PageOptions = {}): RawPage {
  return { header: header(2, body, options, { field_7: { field_1: values, field_2: ENCODING.plain } }), body }
}

export interface Version2 extends PageOptions {
  readonly nulls?: number
  readonly rows?: number
  readonly definitionBytes?: number
  readonly repetitionBytes?: number
  readonly isCompressed?: boolean
}

export function dataPageV2(values: number, body: Uint8Array, options: Version2 = {}): RawPage {
  const details = {
    field_1: values,
    field_2: options.nulls ?? 0,
    field_3: options.rows ?? values,
    field_4: options.encoding ?? ENCODING.plain,
    field_5: options.definitionBytes ?? 0,
    field_6: options.repetitionBytes ?? 0,
    field_7: options.isCompressed ?? false,
  }
  return { header: header(3, body, options, { field_8: details }), body }
}

const REPETITION = { required: 0, optional: 1 } as const
type Repetition = keyof typeof REPETITION

export function element(name: string, type: number, more: Thrift = {}, repetition: Repetition = 'required'): Thrift {
  const { field_2, ...others } = more
  const length = field_2 === undefined ? {} : { field_2 }
  return { field_1: type, ...length, field_3: REPETITION[repetition], field_4: Buffer.from(name), ...others }
}

export function textElement(name: string, repetition: Repetition = 'required'): Thrift {
  return element(name, TYPE.bytes, { field_6: UTF8 }, repetition)
}

const AT = Date.UTC(2024, 4, 1, 12)

export function rawId(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
}

/** Rows 1 to `rows` as four required plain columns, some of them replaced. */
export function rawColumns(rows: number, replaced: readonly RawColumn[] = [], first = 1): RawColumn[] {
  const numbers = Array.from({ length: rows }, (_, i) => first + i)
  const plain: RawColumn[] = [
    textColumn('account_id', [dataPage(rows, plainText(...numbers.map(rawId)))]),
    countColumn([dataPage(rows, plainInt64(...numbers.map(n => BigInt(2000 + n))))]),
    dateColumn([dataPage(rows, plainInt64(...numbers.map(() => BigInt(AT))))]),
    textColumn('categories', [dataPage(rows, plainText(...numbers.map(() => 'Gaming')))]),
  ]
  return plain.map(column => replaced.find(({ name }) => name === column.name) ?? column)
}

type Extras = Pick<RawColumn, 'codec' | 'lie'>

export function textColumn(name: string, pages: readonly RawPage[], extras: Extras = {}): RawColumn {
  return { name, schema: [textElement(name)], pages, ...extras }
}

export function countColumn(pages: readonly RawPage[], extras: Extras = {}): RawColumn {
  return { name: 'subscriber_count', schema: [element('subscriber_count', TYPE.int64)], pages, ...extras }
}

export function dateColumn(pages: readonly RawPage[], extras: Extras = {}): RawColumn {
  const schema = [element('date', TYPE.int64, { field_6: TIMESTAMP_MILLIS })]
  return { name: 'date', schema, pages, ...extras }
}
