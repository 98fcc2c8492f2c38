import type { MeasurementBatch } from '../../domain/measurement.ts'

/** Collects accepted rows, column by column. */
export class BatchBuilder {
  readonly newAccountIds: string[] = []
  readonly newCategorySets: (readonly string[])[] = []
  #length = 0
  readonly #account: Uint32Array
  readonly #measuredAt: Float64Array
  readonly #subscriberCount: Float64Array
  readonly #categorySet: Uint32Array

  constructor(capacity: number) {
    this.#account = new Uint32Array(capacity)
    this.#measuredAt = new Float64Array(capacity)
    this.#subscriberCount = new Float64Array(capacity)
    this.#categorySet = new Uint32Array(capacity)
  }

  add(account: number, measuredAt: number, subscriberCount: number, categorySet: number): void {
    const row = this.#length++
    this.#account[row] = account
    this.#measuredAt[row] = measuredAt
    this.#subscriberCount[row] = subscriberCount
    this.#categorySet[row] = categorySet
  }

  finish(): MeasurementBatch {
    return {
      length: this.#length,
      newAccountIds: this.newAccountIds,
      newCategorySets: this.newCategorySets,
      account: this.#account,
      measuredAt: this.#measuredAt,
      subscriberCount: this.#subscriberCount,
      categorySet: this.#categorySet,
    }
  }
}

/** Numbers the category sets of a file in the order in which accepted rows bring them. */
export class CategorySetDictionary {
  /** A memoised reader returns the same array for the same text: most rows need no more than this. */
  readonly #byArray = new WeakMap<readonly string[], number>()
  /** Names hold no control characters, so NUL keeps them apart. */
  readonly #byNames = new Map<string, number>()

  index(names: readonly string[], batch: BatchBuilder): number {
    const found = this.#byArray.get(names)
    if (found !== undefined) return found
    const key = names.join('\0')
    const index = this.#byNames.get(key) ?? this.#byNames.size
    if (index === this.#byNames.size) {
      this.#byNames.set(key, index)
      batch.newCategorySets.push(names)
    }
    this.#byArray.set(names, index)
    return index
  }
}
