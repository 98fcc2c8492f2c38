import type { DecodedArray, Statistics } from 'hyparquet'
import type { ColumnKind } from './columns.ts'
import { corrupt } from './inspect.ts'
import { unsigned } from './normalise/instant.ts'

type Comparable = number | bigint | string

/**
 * Compares what was decoded with what the footer says of it: the number of nulls, and the smallest and largest value.
 * A damaged page often decodes to something; seldom to something within the same bounds.
 *
 * @throws Refusal CORRUPT_PARQUET
 */
export function checkStatistics(
  data: DecodedArray,
  statistics: Statistics | undefined,
  kind: ColumnKind,
  place: string,
): void {
  if (!statistics) return
  checkNulls(data, statistics.null_count, place)
  const read = comparableReader(kind)
  const min = bound(statistics.min_value, kind)
  const max = bound(statistics.max_value, kind)
  if (!read || (min === undefined && max === undefined)) return
  for (let row = 0; row < data.length; row++) {
    const value = read(data[row])
    if (value === undefined) continue
    if ((min !== undefined && value < min) || (max !== undefined && value > max)) {
      throw corrupt(`${place} holds a value outside the bounds that its footer declares.`)
    }
  }
}

function checkNulls(data: DecodedArray, declared: bigint | undefined, place: string): void {
  if (declared === undefined) return
  let nulls = 0
  if (Array.isArray(data)) for (const value of data) if (value === null) nulls++
  if (BigInt(nulls) !== declared) throw corrupt(`${place} has ${nulls} nulls where its footer declares ${declared}.`)
}

/** How a cell is compared; undefined for kinds whose bounds the footer does not hold exactly. */
function comparableReader(kind: ColumnKind): ((cell: unknown) => Comparable | undefined) | undefined {
  switch (kind.kind) {
    case 'integer':
      if (kind.unsignedBits !== null) return cell => (isInteger(cell) ? unsigned(cell, kind.unsignedBits) : undefined)
      return cell => (isInteger(cell) ? cell : undefined)
    case 'timestamp':
    case 'day':
      return cell => (isInteger(cell) ? cell : undefined)
    case 'float':
      return cell => (typeof cell === 'number' ? cell : undefined) // NaN compares as neither smaller nor larger
    case 'text':
      return cell => (typeof cell === 'string' ? cell : undefined)
    default:
      return undefined
  }
}

function isInteger(cell: unknown): cell is number | bigint {
  return typeof cell === 'number' || typeof cell === 'bigint'
}

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/

/** A bound that orders as JavaScript does: text does so byte by byte only within ASCII. A cut text bounds all the same. */
function bound(value: unknown, kind: ColumnKind): Comparable | undefined {
  if (kind.kind !== 'text') return isInteger(value) && !Number.isNaN(value) ? value : undefined
  if (!(value instanceof Uint8Array)) return undefined
  const text = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1')
  return PRINTABLE_ASCII.test(text) ? text : undefined
}
