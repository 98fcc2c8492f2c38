import type { DecodedArray } from 'hyparquet'
import type { Column } from './column.ts'
import { decodeFlatColumn } from './flat-column.ts'
import { decodeGenericColumn } from './generic-column.ts'
import type { Page } from './pages.ts'
import type { ColumnChunk } from './row-groups.ts'
import { checkStatistics } from './statistics.ts'
import { checkedText, type InvalidText } from './text.ts'
import { corrupt, type Warn } from './warnings.ts'

/**
 * Decodes a column chunk and compares it with its statistics.
 *
 * @param pages all pages of the chunk
 * @param rows of the row group
 * @param isText whether its values are text, or lists of text
 * @throws AppError CORRUPT_PARQUET, UNSUPPORTED_PARQUET, RESOURCE_LIMIT
 */
export function decodeColumn(
  pages: readonly Page[],
  chunk: ColumnChunk,
  rows: number,
  isText: boolean,
  warn: Warn,
): Column {
  const column = decodeFlatColumn(pages, chunk, rows, isText, warn) ?? {
    values: decodeGenericColumn(pages, chunk, rows, isText ? toTexts : asStored, warn),
    index: undefined,
  }
  if (chunk.leaf.maxRepetition === 0) checkStatistics(column, rows, chunk, isText, warn)
  return column
}

function toTexts(values: DecodedArray): DecodedArray {
  const texts = new Array<string | InvalidText>(values.length)
  for (let i = 0; i < values.length; i++) {
    const bytes = values[i]
    if (!(bytes instanceof Uint8Array)) throw corrupt('a text column holds values that are not text.')
    texts[i] = checkedText(bytes)
  }
  return texts
}

function asStored(values: DecodedArray): DecodedArray {
  return values
}
