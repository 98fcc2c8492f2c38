import { type Column, valueAt } from '../../parquet/column.ts'
import type { BatchBuilder } from './batch.ts'
import type { Interner } from './interning.ts'
import { NOT_INTERNED } from './uuid-table.ts'

/*
 * The normalised values of one column of one row group, by row. A value in a dictionary is normalised once; its results
 * have one place more than the dictionary, for null.
 */

/** Instants or counts. */
export class NumericColumn {
  readonly #column: Column
  readonly #read: (cell: unknown) => number
  readonly #ofDictionary: Float64Array | undefined

  constructor(column: Column, read: (cell: unknown) => number) {
    this.#column = column
    this.#read = read
    if (column.index) {
      this.#ofDictionary = Float64Array.from(dictionaryPositions(column), position => read(valueAt(column, position)))
    }
  }

  at(row: number): number {
    if (this.#ofDictionary) return this.#ofDictionary[this.#column.index![row]!]!
    return this.#read(valueAt(this.#column, row))
  }
}

/** Account ids or category sets, as ids of an interner. */
export class InternedColumn {
  readonly #column: Column
  readonly #interner: Interner
  readonly #ofDictionary: Int32Array | undefined

  constructor(column: Column, interner: Interner) {
    this.#column = column
    this.#interner = interner
    if (column.index) {
      this.#ofDictionary = Int32Array.from(dictionaryPositions(column), position => interner.find(column, position))
    }
  }

  /** Returns an id, NOT_INTERNED or INVALID. */
  at(row: number): number {
    if (this.#ofDictionary) return this.#ofDictionary[this.#column.index![row]!]!
    return this.#interner.find(this.#column, row)
  }

  /** Returns the id of an accepted row's value. `found` is the result of `at`. */
  intern(row: number, found: number, batch: BatchBuilder): number {
    if (found !== NOT_INTERNED) return found
    const position = this.#column.index ? this.#column.index[row]! : row
    const id = this.#interner.intern(this.#column, position, batch)
    if (this.#ofDictionary) this.#ofDictionary[position] = id
    return id
  }
}

/** The positions of the dictionary, and the one past its end, which stands for null. */
function dictionaryPositions({ values }: Column): ArrayLike<number> & Iterable<number> {
  return Uint32Array.from({ length: values.length + 1 }, (_, position) => position)
}
