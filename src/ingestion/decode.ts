import type { Column } from '../parquet/column.ts'
import { decodeColumn } from '../parquet/column-decoder.ts'
import { readPages } from '../parquet/pages.ts'
import type { WarningLog } from '../parquet/warnings.ts'
import { COLUMN_NAMES, type ColumnKind, type ColumnName } from './columns.ts'
import type { Inspected } from './inspect.ts'
import type { DecodedBytes } from './resource-limits.ts'

/** The four columns of one row group as physical values, not yet interpreted. */
export interface RowGroup {
  /** Number of the group's first row in the file, from 0. */
  readonly rowStart: number
  readonly length: number
  readonly cells: Readonly<Record<ColumnName, Column>>
}

/**
 * Decodes the file row group by row group, column by column, in file order.
 *
 * @param decodedBytes receives the size of every page, and bounds their sum
 * @param log receives the metadata that disagrees with the values
 * @throws AppError CORRUPT_PARQUET, UNSUPPORTED_PARQUET, RESOURCE_LIMIT
 */
export async function* decode(
  { bytes, groups, kinds }: Inspected,
  decodedBytes: DecodedBytes,
  log: WarningLog,
): AsyncGenerator<RowGroup> {
  let rowStart = 0
  for (const { rows, chunks } of groups) {
    const cells: Partial<Record<ColumnName, Column>> = {}
    decodedBytes.startRowGroup()
    for (const name of COLUMN_NAMES) {
      const warn = log.forColumn(name)
      const pages = await readPages(bytes, chunks[name], rows, size => decodedBytes.add(size), warn)
      cells[name] = decodeColumn(pages, chunks[name], rows, hasText(kinds[name]), warn)
    }
    yield { rowStart, length: rows, cells: cells as Record<ColumnName, Column> }
    rowStart += rows
  }
}

function hasText({ kind }: ColumnKind): boolean {
  return kind === 'text' || kind === 'list'
}
