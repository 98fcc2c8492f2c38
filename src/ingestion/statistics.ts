import type { Statistics } from 'hyparquet'
import type { Column } from '../parquet/column.ts'
import { outsideText, TextValues } from '../parquet/text.ts'
import type { Warn } from '../parquet/warnings.ts'
import type { ColumnKind } from './columns.ts'
import { isInteger, unsigned } from './normalise/instant.ts'

type Comparable = number | bigint | string

/**
 * Compares what was decoded with what the footer says of it: the number of nulls, and the smallest and largest value.
 * A damaged page often decodes to something, but seldom to something within the same bounds; some writers get the
 * statistics wrong, though, so a disagreement is a warning.
 */
export function checkStatistics(
  column: Column,
  rows: number,
  statistics: Statistics | undefined,
  kind: ColumnKind,
  place: string,
  warn: Warn,
): void {
  if (!statistics) return
  checkNulls(column, rows, statistics.null_count, place, warn)
  const min = bound(statistics.min_value, kind)
  const max = bound(statistics.max_value, kind)
  const isOutside = outside(column.values, min, max, kind)
  if (!isOutside) return
  let used: Uint8Array | undefined
  for (let at = 0; at < column.values.length; at++) {
    if (!isOutside(at)) continue
    used ??= usedValues(column)
    if (!used[at]) continue
    warn('STATISTICS_DISAGREE', place, 'a value lies outside the bounds that the footer declares')
    return
  }
}

function checkNulls(
  { values, index }: Column,
  rows: number,
  declared: bigint | undefined,
  place: string,
  warn: Warn,
): void {
  if (declared === undefined) return
  let nulls = 0
  if (index) for (let row = 0; row < rows; row++) nulls += index[row]! < values.length ? 0 : 1
  else if (Array.isArray(values)) for (const value of values) nulls += value === null ? 1 : 0
  if (BigInt(nulls) === declared) return
  warn('STATISTICS_DISAGREE', place, `the footer declares ${declared} nulls, the pages have ${nulls}`)
}

/** A dictionary may hold values that no row has. */
function usedValues({ values, index }: Column): Uint8Array {
  const used = new Uint8Array(values.length).fill(index ? 0 : 1)
  if (index) for (let row = 0; row < index.length; row++) used[index[row]!] = 1
  return used
}

/** Tells whether a value lies outside the bounds; undefined when there are none to compare with. */
function outside(
  values: Column['values'],
  min: Comparable | undefined,
  max: Comparable | undefined,
  kind: ColumnKind,
): ((at: number) => boolean) | undefined {
  if (min === undefined && max === undefined) return undefined
  if (values instanceof TextValues) return outsideText(values, asciiBytes(min), asciiBytes(max))
  const read = comparableReader(kind)
  return (
    read &&
    (at => {
      const value = read(values[at])
      return value !== undefined && ((min !== undefined && value < min) || (max !== undefined && value > max))
    })
  )
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

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/

/** A bound that orders as JavaScript does: text does so byte by byte only within ASCII. A cut text bounds all the same. */
function bound(value: unknown, kind: ColumnKind): Comparable | undefined {
  if (kind.kind !== 'text') return isInteger(value) && !Number.isNaN(value) ? value : undefined
  if (!(value instanceof Uint8Array)) return undefined
  const text = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1')
  return PRINTABLE_ASCII.test(text) ? text : undefined
}

function asciiBytes(bound: Comparable | undefined): Uint8Array | undefined {
  return typeof bound === 'string' ? Buffer.from(bound, 'latin1') : undefined
}
