import { type Column, valueAt } from '../../parquet/column.ts'
import { TextValues } from '../../parquet/text.ts'
import type { ReadAccountId } from './account-id.ts'
import type { BatchBuilder } from './batch.ts'
import type { ReadCategories } from './category.ts'
import { NOT_INTERNED, UuidTable } from './uuid-table.ts'

/** The id of a value that rejects its row. */
export const INVALID = -2

/**
 * Gives each distinct value of a column an id within the file, from 0, in the order of the accepted rows. A batch carries
 * ids, and each new value once.
 */
export interface Interner {
  /** Returns the id of the value at `position`, NOT_INTERNED for a valid value without one, or INVALID. */
  find(column: Column, position: number): number
  /** Returns the id of a valid value. A new value is added to the batch. */
  intern(column: Column, position: number, batch: BatchBuilder): number
}

export class AccountIdInterner implements Interner {
  readonly #read: ReadAccountId
  readonly #table = new UuidTable()

  constructor(read: ReadAccountId) {
    this.#read = read
  }

  find(column: Column, position: number): number {
    return this.#setKey(column, position) ? this.#table.get() : INVALID
  }

  intern(column: Column, position: number, batch: BatchBuilder): number {
    const id = this.find(column, position)
    if (id !== NOT_INTERNED) return id
    batch.newAccountIds.push(this.#read(valueAt(column, position))!)
    return this.#table.put()
  }

  /** Sets the table's key from the bytes of a UUID in its usual form, without making a string of it. */
  #setKey(column: Column, position: number): boolean {
    const { values } = column
    if (values instanceof TextValues && position < values.length) {
      if (this.#table.setText(values.bytes, values.starts[position]!, values.ends[position]!)) return true
    }
    const accountId = this.#read(valueAt(column, position))
    if (accountId === undefined) return false
    const canonical = Buffer.from(accountId, 'latin1')
    return this.#table.setText(canonical, 0, canonical.length)
  }
}

export class CategorySetInterner implements Interner {
  readonly #read: ReadCategories
  /** A memoised reader returns the same array for the same text, so most rows need only this map. */
  readonly #byArray = new WeakMap<readonly string[], number>()
  /** By the names, joined with NUL, which is a control character and so in no name. */
  readonly #byNames = new Map<string, number>()

  constructor(read: ReadCategories) {
    this.#read = read
  }

  find(column: Column, position: number): number {
    const names = this.#read(valueAt(column, position))
    return names === undefined ? INVALID : this.#idOf(names)
  }

  intern(column: Column, position: number, batch: BatchBuilder): number {
    const names = this.#read(valueAt(column, position))!
    const known = this.#idOf(names)
    if (known !== NOT_INTERNED) return known
    const id = this.#byNames.size
    this.#byNames.set(keyOf(names), id)
    this.#byArray.set(names, id)
    batch.newCategorySets.push(names)
    return id
  }

  #idOf(names: readonly string[]): number {
    const known = this.#byArray.get(names)
    if (known !== undefined) return known
    const id = this.#byNames.get(keyOf(names))
    if (id === undefined) return NOT_INTERNED
    this.#byArray.set(names, id)
    return id
  }
}

function keyOf(names: readonly string[]): string {
  return names.join('\0')
}
