import type { DecodedArray } from 'hyparquet'
import { TextValues } from './text.ts'

/**
 * A decoded column of a row group. With an `index`, `values` is the dictionary and `index` has the place in it for each
 * row, so that an expensive conversion is done once for each value; a place past the end is a null. Without an index
 * there is one value for each row.
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

/** The physical cell of a row. */
export function cellAt(column: Column, row: number): unknown {
  return valueAt(column, column.index ? column.index[row]! : row)
}
