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
