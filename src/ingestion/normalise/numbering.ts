import { type Column, valueAt } from '../../parquet/column.ts'
import { TextValues } from '../../parquet/text.ts'
import type { ReadAccountId } from './account-id.ts'
import type { BatchBuilder } from './batch.ts'
import type { ReadCategories } from './category.ts'
import { UNSEEN, UuidTable } from './uuid-table.ts'

/** The number of what makes its row a rejected one. */
export const INVALID = -2

/** Numbers what stands in a column from 0 on, in the order in which accepted rows bring it. */
export interface Numbering {
  /** @returns the number of value `at`; UNSEEN if it has none yet; INVALID */
  find(column: Column, at: number): number
  /** The number of a valid value; a new one goes with the batch. */
  number(column: Column, at: number, batch: BatchBuilder): number
}

export class AccountNumbering implements Numbering {
  readonly #read: ReadAccountId
  readonly #table = new UuidTable()

  constructor(read: ReadAccountId) {
    this.#read = read
  }

  find(column: Column, at: number): number {
    return this.#setKey(column, at) ? this.#table.get() : INVALID
  }

  number(column: Column, at: number, batch: BatchBuilder): number {
    const found = this.find(column, at)
    if (found !== UNSEEN) return found
    batch.newAccountIds.push(this.#read(valueAt(column, at))!)
    return this.#table.put()
  }

  /** Most ids are as they should be, and never become a string. */
  #setKey(column: Column, at: number): boolean {
    const { values } = column
    if (values instanceof TextValues && at < values.length) {
      if (this.#table.setText(values.bytes, values.starts[at]!, values.ends[at]!)) return true
    }
    const accountId = this.#read(valueAt(column, at))
    if (accountId === undefined) return false
    const canonical = Buffer.from(accountId, 'latin1')
    return this.#table.setText(canonical, 0, canonical.length)
  }
}

export class CategorySetNumbering implements Numbering {
  readonly #read: ReadCategories
  /** A memoised reader returns the same array for the same text: most rows need no more than this. */
  readonly #byArray = new WeakMap<readonly string[], number>()
  /** Names hold no control characters, so NUL keeps them apart. */
  readonly #byNames = new Map<string, number>()

  constructor(read: ReadCategories) {
    this.#read = read
  }

  find(column: Column, at: number): number {
    const names = this.#read(valueAt(column, at))
    return names === undefined ? INVALID : this.#known(names)
  }

  number(column: Column, at: number, batch: BatchBuilder): number {
    const names = this.#read(valueAt(column, at))!
    const found = this.#known(names)
    if (found !== UNSEEN) return found
    const number = this.#byNames.size
    this.#byNames.set(keyOf(names), number)
    this.#byArray.set(names, number)
    batch.newCategorySets.push(names)
    return number
  }

  #known(names: readonly string[]): number {
    const found = this.#byArray.get(names)
    if (found !== undefined) return found
    const number = this.#byNames.get(keyOf(names))
    if (number === undefined) return UNSEEN
    this.#byArray.set(names, number)
    return number
  }
}

function keyOf(names: readonly string[]): string {
  return names.join('\0')
}
