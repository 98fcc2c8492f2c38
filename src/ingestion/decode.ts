import type { AsyncBuffer, DecodedArray } from 'hyparquet'
import { isUserError } from '../domain/errors.ts'
import type { Column } from '../parquet/column.ts'
import { decodeChunk } from '../parquet/column-chunk.ts'
import { corrupt } from '../parquet/corrupt.ts'
import { decodeFlat } from '../parquet/flat.ts'
import { checkedPages, type Page } from '../parquet/pages.ts'
import type { Chunk } from '../parquet/row-groups.ts'
import { checkedText, type InvalidText } from '../parquet/text.ts'
import { COLUMN_NAMES, type ColumnKind, type ColumnName } from './columns.ts'
import type { Inspected } from './inspect.ts'
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
 * @throws AppError CORRUPT_PARQUET when the data is not what the metadata promises
 */
export async function* decode({ bytes, groups, kinds }: Inspected): AsyncGenerator<RowGroup> {
  let rowStart = 0
  for (const { number, rows, chunks } of groups) {
    const cells: Partial<Record<ColumnName, Column>> = {}
    for (const column of COLUMN_NAMES) {
      const place = `column ${column}, row group ${number}`
      cells[column] = await decodeColumn(bytes, chunks[column], rows, kinds[column], place)
    }
    yield { rowStart, length: rows, cells: cells as Record<ColumnName, Column> }
    rowStart += rows
  }
}

async function decodeColumn(
  file: AsyncBuffer,
  chunk: Chunk,
  rows: number,
  kind: ColumnKind,
  place: string,
): Promise<Column> {
  const stored = new Uint8Array(await file.slice(chunk.start, chunk.end))
  const pages = checkedPages(stored, chunk, rows, place)
  const column = flat(pages, chunk, rows, kind, place) ?? {
    values: decodeChunk(pages, chunk, rows, hasText(kind) ? texts : asStored, place),
    index: undefined,
  }
  if (kind.kind !== 'list') checkStatistics(column, rows, chunk.metadata.statistics, kind, place)
  return column
}

function flat(pages: readonly Page[], chunk: Chunk, rows: number, kind: ColumnKind, place: string): Column | undefined {
  try {
    return decodeFlat(pages, chunk, rows, kind.kind === 'text')
  } catch (error) {
    throw isUserError(error) ? error : corrupt(`${place} cannot be decoded.`)
  }
}

function hasText({ kind }: ColumnKind): boolean {
  return kind === 'text' || kind === 'list'
}

function texts(values: DecodedArray): DecodedArray {
  const found = new Array<string | InvalidText>(values.length)
  for (let i = 0; i < values.length; i++) found[i] = textOf(values[i])
  return found
}

function textOf(bytes: unknown): string | InvalidText {
  if (!(bytes instanceof Uint8Array)) throw corrupt('a text column holds values that are no text.')
  return checkedText(bytes)
}

function asStored(values: DecodedArray): DecodedArray {
  return values
}
