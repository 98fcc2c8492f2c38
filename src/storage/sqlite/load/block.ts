import type { MeasurementBatch } from '../../../domain/measurement.ts'
import { PERIOD_MS, periodOf } from '../schema/tables.ts'

/** Rows that are sorted and written together: enough that an insert seldom leaves the page it is on. */
export const BLOCK_ROWS = 1 << 20

/** A buffer of measurements with surrogate keys, in arrival order. */
export class Block {
  length = 0
  readonly account = new Uint32Array(BLOCK_ROWS)
  readonly measuredAt = new Float64Array(BLOCK_ROWS)
  readonly subscriberCount = new Float64Array(BLOCK_ROWS)
  readonly categorySet = new Uint32Array(BLOCK_ROWS)

  /**
   * Takes rows of `batch` from `start` up to `end`, or until the block is full.
   *
   * @returns the first row that was not taken
   */
  take(batch: MeasurementBatch, start: number, end: number, accountKey: Uint32Array, setKey: Uint32Array): number {
    const fits = Math.min(end, start + BLOCK_ROWS - this.length)
    let at = this.length
    for (let row = start; row < fits; row++, at++) {
      this.account[at] = accountKey[batch.account[row]!]!
      this.measuredAt[at] = batch.measuredAt[row]!
      this.subscriberCount[at] = batch.subscriberCount[row]!
      this.categorySet[at] = setKey[batch.categorySet[row]!]!
    }
    this.length = at
    return fits
  }

  get isFull(): boolean {
    return this.length === BLOCK_ROWS
  }
}

/**
 * The order of the block's rows by (period, account, instant), equal keys in arrival order: rule 3 judges repeated
 * rows in file order. A radix sort, because it is stable, and has nothing to do for rows that come in time order but
 * to group them by account.
 */
export function sortedOrder({ length, account, measuredAt }: Block): Uint32Array {
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
  return keys.reduce<Uint32Array>((sorted, key) => sortedBy(key, sorted), order)
}

/** Few enough buckets to stay in the processor's cache while rows are dealt out to them. */
const DIGIT_BITS = 11
const BUCKETS = 1 << DIGIT_BITS

/** `order` sorted by a 32-bit key, stably. */
function sortedBy(key: Uint32Array, order: Uint32Array): Uint32Array {
  let largest = 0
  for (let at = 0; at < order.length; at++) largest = Math.max(largest, key[at]!)
  let sorted = order
  for (let shift = 0; shift < 32 && largest >>> shift > 0; shift += DIGIT_BITS) sorted = dealt(key, shift, sorted)
  return sorted
}

/** One counting pass over one digit of the key. */
function dealt(key: Uint32Array, shift: number, from: Uint32Array): Uint32Array {
  const next = new Uint32Array(BUCKETS)
  for (let at = 0; at < from.length; at++) next[(key[at]! >>> shift) & (BUCKETS - 1)]!++
  // Nothing to deal out: often the case with periods.
  if (from.length === 0 || next[(key[0]! >>> shift) & (BUCKETS - 1)] === from.length) return from
  for (let bucket = 0, position = 0; bucket < BUCKETS; bucket++) {
    const size = next[bucket]!
    next[bucket] = position
    position += size
  }
  const to = new Uint32Array(from.length)
  for (let at = 0; at < from.length; at++) {
    const row = from[at]!
    to[next[(key[row]! >>> shift) & (BUCKETS - 1)]!++] = row
  }
  return to
}
