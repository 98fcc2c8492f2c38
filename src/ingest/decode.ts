import { isUtf8 } from 'node:buffer'
import {
  type AsyncBuffer,
  type Awaitable,
  type ColumnMetaData,
  type DecodedArray,
  type FileMetaData,
  type RowGroup as FileRowGroup,
  parquetScan,
  type SchemaElement,
} from 'hyparquet'
import { Refusal } from '../domain/errors.ts'
import { COLUMN_NAMES, type ColumnKind, type ColumnKinds, type ColumnName } from './columns.ts'
import { compressors } from './decompress.ts'
import { corrupt, type Inspected } from './inspect.ts'
import { checkPages } from './pages.ts'
import { checkStatistics } from './statistics.ts'

/** The four columns of one row group as physical values: nothing is interpreted yet but text. */
export interface RowGroup {
  /** Of the group's first row in the file, from 0. */
  readonly rowStart: number
  readonly length: number
  readonly cells: Readonly<Record<ColumnName, DecodedArray>>
}

/** Stands in a text column where the bytes are not UTF-8. */
export class InvalidText {
  readonly bytes: Uint8Array
  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }
}

/**
 * Decodes the file row group by row group, column by column, in file order.
 *
 * @throws Refusal CORRUPT_PARQUET when the data is not what the metadata promises
 */
export async function* decode({ bytes, metadata, kinds }: Inspected): AsyncGenerator<RowGroup> {
  const file = rememberingLast(bytes)
  const scan = await parquetScan({
    file,
    metadata: withPhysicalTypes(metadata, kinds),
    columns: [...COLUMN_NAMES],
    compressors,
    parsers: { stringFromBytes: checkedText, timestampFromNanoseconds: keep },
    utf8: false,
    useOffsetIndex: false,
  })
  let rowStart = 0
  for (const [index, group] of metadata.row_groups.entries()) {
    const length = Number(group.num_rows)
    // The decoder has no range for an empty group.
    if (length === 0) continue
    const cells: Partial<Record<ColumnName, DecodedArray>> = {}
    for (const column of COLUMN_NAMES) {
      const place = `column ${column}, row group ${index + 1}`
      const isFlat = kinds[column].kind !== 'list'
      const chunk = chunkOf(group, column, place)
      checkPages(await chunkBytes(file, chunk), chunk, length, isFlat, place)
      const data = await scan.readColumn({ column, rowStart, rowEnd: rowStart + length }).catch(error => {
        throw decodeRefusal(error, column, place)
      })
      requireLength(data, length, place)
      cells[column] = isFlat ? checkedValues(data, place) : checkedLists(data, place)
      if (isFlat) checkStatistics(cells[column], chunk.statistics, kinds[column], place)
    }
    yield { rowStart, length, cells: cells as Record<ColumnName, DecodedArray> }
    rowStart += length
  }
}

function chunkOf({ columns }: FileRowGroup, name: ColumnName, place: string): ColumnMetaData {
  const found = columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === name)?.meta_data
  if (!found) throw corrupt(`${place} is not there.`)
  return found
}

/** The range that the decoder will read: the dictionary, if there is one, comes first. */
async function chunkBytes(file: AsyncBuffer, chunk: ColumnMetaData): Promise<ArrayBuffer> {
  const start = Number(chunk.dictionary_page_offset || chunk.data_page_offset)
  return file.slice(start, start + Number(chunk.total_compressed_size))
}

/** A chunk is checked and then decoded: it is read once for both. */
function rememberingLast(file: AsyncBuffer): AsyncBuffer {
  let last: { start: number; end: number; bytes: Awaitable<ArrayBuffer> } | undefined
  return {
    byteLength: file.byteLength,
    slice(start, end = file.byteLength) {
      if (last?.start !== start || last.end !== end) last = { start, end, bytes: file.slice(start, end) }
      return last.bytes
    },
  }
}

function decodeRefusal(error: unknown, column: ColumnName, place: string): Refusal {
  if (error instanceof Refusal) return error
  if (!String(error).includes('unsupported encoding')) return corrupt(`${place} cannot be decoded.`)
  return new Refusal('UNSUPPORTED_PARQUET', `Column ${column} has an encoding that is not known here. Use another.`)
}

function requireLength(data: DecodedArray, declared: number, place: string): void {
  if (data.length !== declared) throw corrupt(`${place} has ${data.length} rows where ${declared} are declared.`)
}

/** The decoder gives undefined for a value that the dictionary does not have. */
function checkedValues(data: DecodedArray, place: string): DecodedArray {
  if (Array.isArray(data) && data.includes(undefined)) throw corrupt(`${place} refers to values that it does not have.`)
  return data
}

/** For a null LIST the decoder gives undefined as well. */
function checkedLists(data: DecodedArray, place: string): DecodedArray {
  return Array.from(data, list => (list === undefined ? null : checkedValues(list, place)))
}

/**
 * The metadata without its annotations, so that the decoder returns what is stored: it would cut decimals and
 * timestamps to what fits a double or a Date. Meaning is given to the cells by the normaliser.
 */
function withPhysicalTypes(metadata: FileMetaData, kinds: ColumnKinds): FileMetaData {
  let column: ColumnKind | undefined
  const schema = metadata.schema.map((element, index): SchemaElement => {
    if (index > 0 && isTopLevel(metadata.schema, index)) column = kinds[element.name as ColumnName]
    const { converted_type: _, logical_type: __, ...physical } = element
    if (element.num_children) return isList(element) ? { ...physical, converted_type: 'LIST' } : physical
    return column?.kind === 'text' || column?.kind === 'list' ? { ...physical, converted_type: 'UTF8' } : physical
  })
  return { ...metadata, schema }
}

/** The schema is a tree written depth first: an element is at the top when the subtrees before it are complete. */
function isTopLevel(schema: readonly SchemaElement[], index: number): boolean {
  let open = 0
  for (let at = 1; at < index; at++) open += (schema[at]!.num_children ?? 0) - (open > 0 ? 1 : 0)
  return open === 0
}

function isList({ converted_type, logical_type }: SchemaElement): boolean {
  return converted_type === 'LIST' || logical_type?.type === 'LIST'
}

function checkedText(bytes: unknown): string | InvalidText {
  if (!(bytes instanceof Uint8Array)) throw corrupt('a text column holds values that are no text.')
  if (!isUtf8(bytes)) return new InvalidText(bytes)
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

function keep(value: bigint): bigint {
  return value
}
