import { type Column, valueAt } from '../../parquet/column.ts'
import type { BatchBuilder } from './batch.ts'
import type { Numbering } from './numbering.ts'
import { UNSEEN } from './uuid-table.ts'

/*
 * One column of one row group, read row by row. What the file has in a dictionary is read once, with one more place
 * for the nulls.
 */

/** Instants or counts. */
export class NumberCells {
  readonly #column: Column
  readonly #read: (cell: unknown) => number
  readonly #known: Float64Array | undefined

  constructor(column: Column, read: (cell: unknown) => number) {
    this.#column = column
    this.#read = read
    if (column.index) this.#known = Float64Array.from(places(column), at => read(valueAt(column, at)))
  }

  at(row: number): number {
    if (this.#known) return this.#known[this.#column.index![row]!]!
    return this.#read(valueAt(this.#column, row))
  }
}

/** Accounts or category sets, by their numbers. */
export class NumberedCells {
  readonly #column: Column
  readonly #numbering: Numbering
  readonly #known: Int32Array | undefined

  constructor(column: Column, numbering: Numbering) {
    this.#column = column
    this.#numbering = numbering
    if (column.index) this.#known = Int32Array.from(places(column), at => numbering.find(column, at))
  }

  /** @returns a number, UNSEEN or INVALID */
  at(row: number): number {
    if (this.#known) return this.#known[this.#column.index![row]!]!
    return this.#numbering.find(this.#column, row)
  }

  /** The number of an accepted row's value, of which `at` told that it is valid. */
  number(row: number, found: number, batch: BatchBuilder): number {
    if (found !== UNSEEN) return found
    const at = this.#column.index ? this.#column.index[row]! : row
    const number = this.#numbering.number(this.#column, at, batch)
    if (this.#known) this.#known[at] = number
    return number
  }
}

/** All places of the dictionary, and the one past its end. */
function places({ values }: Column): ArrayLike<number> & Iterable<number> {
  return Uint32Array.from({ length: values.length + 1 }, (_, at) => at)
}
