import { convertMetadata } from 'hyparquet/src/metadata.js'
import type { Column } from './column.ts'
import type { FooterElement } from './footer.ts'
import type { ColumnChunk } from './row-groups.ts'
import { outsideText, TextValues } from './text.ts'
import type { Warn } from './warnings.ts'

type Comparable = number | bigint | string

/**
 * Compares a decoded flat column with the statistics in the footer: its null count and its bounds. They describe the
 * values and decide none of them, and writers get them wrong; but a damaged page often decodes to something, and seldom
 * to something within the same bounds.
 */
export function checkStatistics(
  column: Column,
  rows: number,
  { metadata: { statistics }, leaf: { element }, place }: ColumnChunk,
  isText: boolean,
  warn: Warn,
): void {
  if (!statistics) return
  const nulls = countNulls(column, rows)
  if (statistics.nulls !== undefined && BigInt(nulls) !== statistics.nulls) {
    warn('STATISTICS_DISAGREE', place, `the footer declares ${statistics.nulls} nulls, the pages have ${nulls}`)
  }
  try {
    const min = readBound(statistics.min, element, isText)
    const max = readBound(statistics.max, element, isText)
    if (!hasValueOutside(column, min, max, element)) return
  } catch {
    warn('STATISTICS_DISAGREE', place, 'the footer declares a bound that is no value of its type')
    return
  }
  warn('STATISTICS_DISAGREE', place, 'a value lies outside the bounds that the footer declares')
}

function countNulls({ values, index }: Column, rows: number): number {
  let nulls = 0
  if (index) for (let row = 0; row < rows; row++) nulls += index[row]! < values.length ? 0 : 1
  else if (Array.isArray(values)) for (const value of values) nulls += value === null ? 1 : 0
  return nulls
}

function hasValueOutside(
  column: Column,
  min: Comparable | undefined,
  max: Comparable | undefined,
  element: FooterElement,
): boolean {
  const isOutside = outside(column.values, min, max, element)
  if (!isOutside) return false
  let used: Uint8Array | undefined
  for (let at = 0; at < column.values.length; at++) {
    if (!isOutside(at)) continue
    used ??= usedValues(column)
    if (used[at]) return true
  }
  return false
}

/** Marks the values that a row has: a dictionary may hold others. */
function usedValues({ values, index }: Column): Uint8Array {
  const used = new Uint8Array(values.length).fill(index ? 0 : 1)
  if (index) for (let row = 0; row < index.length; row++) used[index[row]!] = 1
  return used
}

/** Whether a value lies outside the bounds; undefined when there are no bounds to compare with. */
function outside(
  values: Column['values'],
  min: Comparable | undefined,
  max: Comparable | undefined,
  element: FooterElement,
): ((at: number) => boolean) | undefined {
  if (min === undefined && max === undefined) return undefined
  if (values instanceof TextValues) return outsideText(values, asciiBytes(min), asciiBytes(max))
  const read = comparableReader(element)
  return (
    read &&
    (at => {
      const value = read(values[at])
      return value !== undefined && ((min !== undefined && value < min) || (max !== undefined && value > max))
    })
  )
}

/** How a physical value is compared; undefined for types whose bounds the footer does not hold exactly. */
function comparableReader(element: FooterElement): ((cell: unknown) => Comparable | undefined) | undefined {
  const { type, converted_type: converted, logical_type: logical } = element
  if (logical?.type === 'DECIMAL' || converted === 'DECIMAL') return undefined
  const isUnsigned = logical?.type === 'INTEGER' ? !logical.isSigned : (converted?.startsWith('UINT_') ?? false)
  switch (type) {
    case 'INT32':
      return cell => (typeof cell === 'number' ? (isUnsigned ? cell >>> 0 : cell) : undefined)
    case 'INT64':
      return cell => (typeof cell === 'bigint' ? (isUnsigned ? BigInt.asUintN(64, cell) : cell) : undefined)
    case 'FLOAT':
    case 'DOUBLE':
      return cell => (typeof cell === 'number' ? cell : undefined) // NaN is neither smaller nor larger.
    case 'BYTE_ARRAY':
      return cell => (typeof cell === 'string' ? cell : undefined)
    default:
      return undefined
  }
}

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/

/** A bound that JavaScript orders as Parquet does: of text, one within ASCII. A truncated text is a bound all the same. */
function readBound(bytes: Uint8Array | undefined, element: FooterElement, isText: boolean): Comparable | undefined {
  if (!bytes) return undefined
  if (isText) {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
    return PRINTABLE_ASCII.test(text) ? text : undefined
  }
  const value: unknown = convertMetadata(bytes, element, AS_STORED)
  return typeof value === 'bigint' || (typeof value === 'number' && !Number.isNaN(value)) ? value : undefined
}

/** Bounds are compared with values as they are stored. */
const AS_STORED = {
  stringFromBytes: keep,
  dateFromDays: keep,
  timestampFromMilliseconds: keep,
  timestampFromMicroseconds: keep,
  timestampFromNanoseconds: keep,
  uuidFromBytes: keep,
  geometryFromBytes: keep,
  geographyFromBytes: keep,
  jsonFromBytes: keep,
}

function keep<Value>(value: Value): Value {
  return value
}

function asciiBytes(bound: Comparable | undefined): Uint8Array | undefined {
  return typeof bound === 'string' ? Buffer.from(bound, 'latin1') : undefined
}
