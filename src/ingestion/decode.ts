import type { AsyncBuffer, DecodedArray, Statistics } from 'hyparquet'
import { isUserError } from '../domain/errors.ts'
import type { Column } from '../parquet/column.ts'
import { decodeChunk } from '../parquet/column-chunk.ts'
import { corrupt } from '../parquet/corrupt.ts'
import { decodeFlat } from '../parquet/flat.ts'
import { type DecodedBudget, type Page, readPages } from '../parquet/pages.ts'
import type { Chunk } from '../parquet/row-groups.ts'
import { checkedText, type InvalidText } from '../parquet/text.ts'
import type { Warn, WarningCollector } from '../parquet/warnings.ts'
import { COLUMN_NAMES, type ColumnKind, type ColumnName } from './columns.ts'
import { type DeclaredLimits, DecodedBytes } from './declared.ts'
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
export async function* decode(
  { bytes, groups, kinds }: Inspected,
  limits: DeclaredLimits | undefined,
  warnings: WarningCollector,
): AsyncGenerator<RowGroup> {
  let rowStart = 0
  const decoded = new DecodedBytes(limits)
  for (const { number, rows, chunks } of groups) {
    const cells: Partial<Record<ColumnName, Column>> = {}
    decoded.beginRowGroup()
    for (const column of COLUMN_NAMES) {
      const place = `column ${column}, row group ${number}`
      const source = { file: bytes, chunk: chunks[column], rows, place, warn: warnings.forColumn(column) }
      cells[column] = await decodeColumn(source, kinds[column], decoded)
    }
    yield { rowStart, length: rows, cells: cells as Record<ColumnName, Column> }
    rowStart += rows
  }
}

/** A column chunk in its file. */
interface Source {
  readonly file: AsyncBuffer
  readonly chunk: Chunk
  /** Of its row group. */
  readonly rows: number
  /** Where it is, for messages. */
  readonly place: string
  readonly warn: Warn
}

async function decodeColumn(source: Source, kind: ColumnKind, budget: DecodedBudget): Promise<Column> {
  const { file, chunk, rows, place, warn } = source
  const pages = await readPages(file, chunk, rows, place, warn, budget)
  const column = flat(pages, source, kind) ?? {
    values: decodeChunk(pages, chunk, rows, hasText(kind) ? texts : asStored, place, warn),
    index: undefined,
  }
  if (kind.kind !== 'list') checkStatistics(column, rows, statisticsOf(source), kind, place, warn)
  return column
}

function statisticsOf({ chunk, place, warn }: Source): Statistics | undefined {
  try {
    return chunk.statistics()
  } catch {
    warn('STATISTICS_DISAGREE', place, 'the statistics in the footer cannot be read')
    return undefined
  }
}

function flat(pages: readonly Page[], { chunk, rows, place, warn }: Source, kind: ColumnKind): Column | undefined {
  try {
    return decodeFlat(pages, chunk, rows, kind.kind === 'text', warn)
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
