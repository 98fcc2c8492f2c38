import { MAX_SUBSCRIBER_COUNT } from '../../domain/measurement.ts'
import type { ColumnKind } from '../columns.ts'
import { unsigned } from './timestamp.ts'

/** Returns the subscriber count of a cell, 0 to 2^53 − 1, rounded half up, or NaN when it is invalid. */
export type ReadCount = (cell: unknown) => number

/** Returns the reader of a `subscriber_count` column: docs/rules.md, "Counts". */
export function countReader(kind: ColumnKind): ReadCount {
  switch (kind.kind) {
    case 'integer':
      return cell =>
        typeof cell === 'number' || typeof cell === 'bigint'
          ? inRange(Number(unsigned(cell, kind.unsignedBits)))
          : Number.NaN
    case 'float':
      return cell => (typeof cell === 'number' ? roundFloat(cell) : Number.NaN)
    case 'float16':
      return cell => (cell instanceof Uint8Array ? roundFloat(float16(cell)) : Number.NaN)
    case 'decimal':
      return decimalReader(kind.scale)
    default:
      return cell => (typeof cell === 'string' ? parseCount(cell) : Number.NaN)
  }
}

function inRange(count: number): number {
  return count >= 0 && count <= MAX_SUBSCRIBER_COUNT ? count : Number.NaN
}

/** Rounds half up. Adding 0.5 would round too: 0.49999999999999994 + 0.5 is 1. Returns NaN for NaN and ±Infinity. */
function roundFloat(value: number): number {
  if (value < 0) return Number.NaN
  const whole = Math.floor(value)
  return inRange((value - whole >= 0.5 ? whole + 1 : whole) + 0) // + 0: a negative zero is zero
}

function decimalReader(scale: number): ReadCount {
  const one = 10n ** BigInt(scale)
  return cell => {
    const value = unscaled(cell)
    if (value === null || value < 0n) return Number.NaN
    const whole = value / one
    return inRange(Number((value % one) * 2n >= one ? whole + 1n : whole))
  }
}

/** Far more than any writer uses. Arithmetic with more would take too long. */
export const MAX_DECIMAL_BYTES = 1024

/** Returns the unscaled integer of a decimal, from a number or from big-endian two's complement bytes; null for other cells. */
export function unscaled(cell: unknown): bigint | null {
  if (typeof cell === 'number' || typeof cell === 'bigint') return BigInt(cell)
  if (!(cell instanceof Uint8Array) || cell.length > MAX_DECIMAL_BYTES) return null
  // Some writers store a zero in no bytes.
  if (cell.length === 0) return 0n
  const digits = Buffer.from(cell.buffer, cell.byteOffset, cell.byteLength).toString('hex')
  return BigInt.asIntN(cell.length * 8, BigInt(`0x${digits}`))
}

/** Leading zeros are removed in a second step: a pattern that skips them takes quadratic time for a long run of zeros. */
const PLAIN = /^(-?)(\d+)(?:\.(\d+))?$/
/** A count with more digits is out of range. */
const MOST_DIGITS = 16

function parseCount(text: string): number {
  const match = PLAIN.exec(text)
  if (!match) return Number.NaN
  const [, minus, digits = '', fraction = ''] = match
  if (minus && /[1-9]/.test(digits + fraction)) return Number.NaN
  const whole = digits.replace(/^0+/, '')
  if (whole.length > MOST_DIGITS) return Number.NaN
  return inRange(Number(whole) + (fraction >= '5' ? 1 : 0))
}

/** Reads an IEEE 754 half-precision number, little-endian. */
function float16(bytes: Uint8Array): number {
  const bits = bytes[0]! | (bytes[1]! << 8)
  const sign = bits >> 15 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * 2 ** -24 * fraction
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * 2 ** (exponent - 25) * (1024 + fraction)
}
