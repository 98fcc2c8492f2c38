import {
  type AsyncBuffer,
  type Awaitable,
  type ColumnMetaData,
  type RowGroup as FileRowGroup,
  parquetSchema,
  type SchemaElement,
} from 'hyparquet'
import { Refusal } from '../domain/errors.ts'
import type { Column } from './column.ts'
import { COLUMN_NAMES, type ColumnKinds, type ColumnName } from './columns.ts'
import { decodeFlat, type FlatChunk } from './flat.ts'
import { corrupt, type Inspected } from './inspect.ts'
import { LibraryDecoder } from './library.ts'
import { checkedPages } from './pages.ts'
import { checkStatistics } from './statistics.ts'

/** The four columns of one row group as physical values: nothing is interpreted yet. */
export interface RowGroup {
  /** Of the group's first row in the file, from 0. */
  readonly rowStart: number
  readonly length: number
  readonly cells: Readonly<Record<ColumnName, Column>>
}

/**
 * Decodes the file row group by row group, column by column, in file order.
 *
 * @throws Refusal CORRUPT_PARQUET when the data is not what the metadata promises
 */
export async function* decode(inspected: Inspected): AsyncGenerator<RowGroup> {
  const decoder = await ChunkDecoder.of(inspected)
  let rowStart = 0
  for (const [index, group] of inspected.metadata.row_groups.entries()) {
    const length = Number(group.num_rows)
    // The library has no range for an empty group.
    if (length === 0) continue
    const cells: Partial<Record<ColumnName, Column>> = {}
    for (const column of COLUMN_NAMES) {
      cells[column] = await decoder.decode(column, group, rowStart, `column ${column}, row group ${index + 1}`)
    }
    yield { rowStart, length, cells: cells as Record<ColumnName, Column> }
    rowStart += length
  }
}

class ChunkDecoder {
  readonly #file: AsyncBuffer
  readonly #kinds: ColumnKinds
  readonly #elements: ReadonlyMap<string, SchemaElement>
  readonly #library: LibraryDecoder

  private constructor(file: AsyncBuffer, { kinds, metadata }: Inspected, library: LibraryDecoder) {
    this.#file = file
    this.#kinds = kinds
    this.#elements = new Map(parquetSchema(metadata).children.map(({ element }) => [element.name, element]))
    this.#library = library
  }

  static async of(inspected: Inspected): Promise<ChunkDecoder> {
    const file = rememberingLast(inspected.bytes)
    return new ChunkDecoder(file, inspected, await LibraryDecoder.of(file, inspected))
  }

  async decode(column: ColumnName, group: FileRowGroup, rowStart: number, place: string): Promise<Column> {
    const kind = this.#kinds[column]
    const isFlat = kind.kind !== 'list'
    const rows = Number(group.num_rows)
    const metadata = chunkOf(group, column, place)
    const pages = checkedPages(await chunkBytes(this.#file, metadata), metadata, rows, isFlat, place)
    const element = this.#elements.get(column)!
    const decoded = await this.#decode({ pages, metadata, element, kind, rows, place }, column, rowStart)
    if (isFlat) checkStatistics(decoded, rows, metadata.statistics, kind, place)
    return decoded
  }

  async #decode(chunk: FlatChunk, column: ColumnName, rowStart: number): Promise<Column> {
    const { kind, rows, place } = chunk
    const isFlat = kind.kind !== 'list'
    try {
      const decoded = isFlat ? decodeFlat(chunk) : undefined
      return decoded ?? (await this.#library.decode(column, rowStart, rows, isFlat, place))
    } catch (error) {
      throw decodeRefusal(error, column, place)
    }
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
