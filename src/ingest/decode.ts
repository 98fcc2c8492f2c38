import { isUtf8 } from 'node:buffer'
import { type DecodedArray, type FileMetaData, parquetScan, type SchemaElement } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { Refusal } from '../domain/errors.ts'
import { COLUMN_NAMES, type ColumnKind, type ColumnKinds, type ColumnName } from './columns.ts'
import { corrupt, type Inspected } from './inspect.ts'

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
  const scan = await parquetScan({
    file: bytes,
    metadata: withPhysicalTypes(metadata, kinds),
    columns: [...COLUMN_NAMES],
    compressors,
    parsers: { stringFromBytes: checkedText, timestampFromNanoseconds: keep },
    utf8: false,
  })
  for (const [index, { rowStart, rowEnd }] of scan.ranges.entries()) {
    const cells: Partial<Record<ColumnName, DecodedArray>> = {}
    for (const column of COLUMN_NAMES) {
      const place = `column ${column}, row group ${index + 1}`
      const data = await scan.readColumn({ column, rowStart, rowEnd }).catch(error => {
        throw decodeRefusal(error, column, place)
      })
      requireLength(data, rowEnd - rowStart, place)
      cells[column] = kinds[column].kind === 'list' ? checkedLists(data, place) : checkedValues(data, place)
    }
    yield { rowStart, length: rowEnd - rowStart, cells: cells as Record<ColumnName, DecodedArray> }
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
