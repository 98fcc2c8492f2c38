import type { MeasurementBatch } from '../../../domain/measurement.ts'
import { PERIOD_MS, periodOf } from '../schema/tables.ts'

/** Rows that are sorted and written together: so many that most inserts stay on the same page as the one before. */
export const BLOCK_ROWS = 1 << 20

/** A buffer of measurements with surrogate keys, in file order. */
export class Block {
  length = 0
  readonly account = new Uint32Array(BLOCK_ROWS)
  readonly measuredAt = new Float64Array(BLOCK_ROWS)
  readonly subscriberCount = new Float64Array(BLOCK_ROWS)
  readonly categorySet = new Uint32Array(BLOCK_ROWS)

  /**
   * Appends the rows of `batch` from `start` to `end`, or until the block is full.
   *
   * @returns the first row that was not appended
   */
  append(batch: MeasurementBatch, start: number, end: number, accountKeys: Uint32Array, setKeys: Uint32Array): number {
    const stop = Math.min(end, start + BLOCK_ROWS - this.length)
    let at = this.length
    for (let row = start; row < stop; row++, at++) {
      this.account[at] = accountKeys[batch.account[row]!]!
      this.measuredAt[at] = batch.measuredAt[row]!
      this.subscriberCount[at] = batch.subscriberCount[row]!
      this.categorySet[at] = setKeys[batch.categorySet[row]!]!
    }
    this.length = at
    return stop
  }

  get isFull(): boolean {
    return this.length === BLOCK_ROWS
  }
}

/**
 * Returns the rows of a block in the order of the key of `measurement`: period, account, instant. Rows with equal keys
 * stay in file order, because rule 3 compares repeated rows in that order. A radix sort is stable, and for rows in time
 * order it needs to sort by account and period only.
 */
export function keyOrder({ length, account, measuredAt }: Block): Uint32Array {
  const period = new Uint32Array(length)
  const withinPeriod = new Uint32Array(length)
  let isInTimeOrder = true
  for (let row = 0; row < length; row++) {
    const instant = measuredAt[row]!
    period[row] = periodOf(instant)
    withinPeriod[row] = instant - period[row]! * PERIOD_MS
    if (row > 0 && instant < measuredAt[row - 1]!) isInTimeOrder = false
  }
  const order = new Uint32Array(length)
  for (let row = 0; row < length; row++) order[row] = row
  const keys = isInTimeOrder ? [account, period] : [withinPeriod, account, period]
  return keys.reduce<Uint32Array>((sorted, key) => radixSort(key, sorted), order)
}

/** Few enough buckets to stay in the processor's cache. */
const DIGIT_BITS = 11
const BUCKETS = 1 << DIGIT_BITS

/** Returns `order` sorted by a 32-bit key. Stable. */
function radixSort(key: Uint32Array, order: Uint32Array): Uint32Array {
  let largest = 0
  for (let at = 0; at < order.length; at++) largest = Math.max(largest, key[at]!)
  let sorted = order
  for (let shift = 0; shift < 32 && largest >>> shift > 0; shift += DIGIT_BITS) sorted = sortByDigit(key, shift, sorted)
  return sorted
}

/** A counting sort by one digit of the key. */
function sortByDigit(key: Uint32Array, shift: number, order: Uint32Array): Uint32Array {
  const next = new Uint32Array(BUCKETS)
  for (let at = 0; at < order.length; at++) next[(key[at]! >>> shift) & (BUCKETS - 1)]!++
  // All rows have the same digit, as is often the case with periods.
  if (order.length === 0 || next[(key[0]! >>> shift) & (BUCKETS - 1)] === order.length) return order
  for (let bucket = 0, position = 0; bucket < BUCKETS; bucket++) {
    const size = next[bucket]!
    next[bucket] = position
    position += size
  }
  const sorted = new Uint32Array(order.length)
  for (let at = 0; at < order.length; at++) {
    const row = order[at]!
    sorted[next[(key[row]! >>> shift) & (BUCKETS - 1)]!++] = row
  }
  return sorted
}
