import type { DecodedArray } from 'hyparquet'
import { TextValues } from './text.ts'

/**
 * A decoded column of a row group. Where the file keeps a dictionary, `values` is that, and `index` tells each row's
 * place in it, so that what is dear to read is read once a value; a place past its end is a null. Without an index
 * there is one value a row.
 */
export interface Column {
  readonly values: TextValues | DecodedArray
  readonly index: Uint32Array | undefined
}

/** Value number `at` as a physical cell; null past the end. */
export function valueAt({ values }: Column, at: number): unknown {
  if (at >= values.length) return null
  return values instanceof TextValues ? values.at(at) : values[at]
}

/** The cell of a row. */
export function cellAt(column: Column, row: number): unknown {
  return valueAt(column, column.index ? column.index[row]! : row)
}
