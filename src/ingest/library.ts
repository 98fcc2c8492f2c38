import {
  type AsyncBuffer,
  type DecodedArray,
  type FileMetaData,
  type ParquetScan,
  parquetScan,
  type SchemaElement,
} from 'hyparquet'
import type { Column } from './column.ts'
import { COLUMN_NAMES, type ColumnKind, type ColumnKinds, type ColumnName } from './columns.ts'
import { compressors } from './decompress.ts'
import { corrupt, type Inspected } from './inspect.ts'
import { checkedText, type InvalidText } from './text.ts'

/** Decodes a column chunk of any kind and encoding, cell by cell. */
export class LibraryDecoder {
  readonly #scan: ParquetScan

  private constructor(scan: ParquetScan) {
    this.#scan = scan
  }

  static async of(file: AsyncBuffer, { metadata, kinds }: Inspected): Promise<LibraryDecoder> {
    const scan = await parquetScan({
      file,
      metadata: withPhysicalTypes(metadata, kinds),
      columns: [...COLUMN_NAMES],
      compressors,
      parsers: { stringFromBytes: textOf, timestampFromNanoseconds: keep },
      utf8: false,
      useOffsetIndex: false,
    })
    return new LibraryDecoder(scan)
  }

  /**
   * @param rowStart of the chunk's row group in the file
   * @throws Refusal CORRUPT_PARQUET; Error with a text that is not for users
   */
  async decode(column: ColumnName, rowStart: number, rows: number, isFlat: boolean, place: string): Promise<Column> {
    const data = await this.#scan.readColumn({ column, rowStart, rowEnd: rowStart + rows })
    if (data.length !== rows) throw corrupt(`${place} has ${data.length} rows where ${rows} are declared.`)
    return { values: isFlat ? checkedValues(data, place) : checkedLists(data, place), index: undefined }
  }
}

/** The library gives undefined for a value that the dictionary does not have. */
function checkedValues(data: DecodedArray, place: string): DecodedArray {
  if (Array.isArray(data) && data.includes(undefined)) throw corrupt(`${place} refers to values that it does not have.`)
  return data
}

/** For a null LIST the library gives undefined as well. */
function checkedLists(data: DecodedArray, place: string): DecodedArray {
  return Array.from(data, list => (list === undefined ? null : checkedValues(list, place)))
}

/**
 * The metadata without its annotations, so that the library returns what is stored: it would cut decimals and
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

function textOf(bytes: unknown): string | InvalidText {
  if (!(bytes instanceof Uint8Array)) throw corrupt('a text column holds values that are no text.')
  return checkedText(bytes)
}

function keep(value: bigint): bigint {
  return value
}
