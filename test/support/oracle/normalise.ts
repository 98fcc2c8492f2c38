/**
 * One row of a file, judged by the letter of docs/rules.md, from "Account ids" to "Rejected rows".
 * Written to be read beside the rules, not to be fast; shares no code with the product.
 */
import type { RejectionReason } from '../../../src/domain/ingestion.ts'
import { DAY_MS, daysInMonth, midnight } from './calendar.ts'
import type { BytesCell, Cell, Column, ListElement, RawRow } from './types.ts'

const MAX_COUNT = 2n ** 53n - 1n
const EARLIEST = Date.UTC(2000, 0, 1)
const MAX_PARTS = 100
const MAX_PART_CODE_POINTS = 100

/** `categories` in the spelling of the row, without duplicates, in the order of the row. */
export interface AcceptedRow {
  readonly accountId: string
  readonly measuredAt: number
  readonly subscriberCount: number
  readonly categories: readonly string[]
}

export interface Rejection {
  readonly reason: RejectionReason
  readonly column: Column
}

/** The first failing column decides, in this order: account_id, date, subscriber_count, categories. */
export function judgeRow(row: RawRow, now: number): AcceptedRow | Rejection {
  const accountId = accountIdOf(row.account_id)
  if (accountId === undefined) return { reason: 'INVALID_ACCOUNT_ID', column: 'account_id' }
  const measuredAt = instantOf(row.date)
  if (measuredAt === undefined) return { reason: 'INVALID_TIMESTAMP', column: 'date' }
  if (measuredAt < EARLIEST || measuredAt > now + DAY_MS) return { reason: 'TIMESTAMP_OUT_OF_RANGE', column: 'date' }
  const subscriberCount = countOf(row.subscriber_count)
  if (subscriberCount === undefined) return { reason: 'INVALID_SUBSCRIBER_COUNT', column: 'subscriber_count' }
  const categories = categoriesOf(row.categories)
  if (categories === undefined) return { reason: 'INVALID_CATEGORIES', column: 'categories' }
  return { accountId, measuredAt, subscriberCount, categories }
}

/** Trimmed, inner white space collapsed, in Unicode NFC: how a category is written. */
export function nameOf(text: string): string {
  return text.replace(/\s+/g, ' ').trim().normalize('NFC')
}

/** What category names are compared and sorted by. */
export function fold(name: string): string {
  return name.toLowerCase().normalize('NFC')
}

/** By Unicode code points (JavaScript's own `<` goes by UTF-16 units). */
export function compareCodePoints(a: string, b: string): number {
  const left = [...a].map(character => character.codePointAt(0)!)
  const right = [...b].map(character => character.codePointAt(0)!)
  for (let i = 0; i < left.length && i < right.length; i++) {
    if (left[i] !== right[i]) return left[i]! - right[i]!
  }
  return left.length - right.length
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Surrounding white space goes first, then one pair of braces. */
export function accountIdOf(cell: Cell): string | undefined {
  if (isObject(cell) && 'uuid' in cell) return uuidOfBytes(cell.uuid)
  const text = textOf(cell)
  if (text === undefined) return undefined
  let id = text.trim().toLowerCase()
  if (id.startsWith('{') && id.endsWith('}')) id = id.slice(1, -1)
  return UUID.test(id) ? id : undefined
}

function uuidOfBytes(bytes: Uint8Array): string | undefined {
  if (bytes.length !== 16) return undefined
  const hex = Buffer.from(bytes).toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** Milliseconds since 1970, or undefined for anything that is not a real instant in one of the accepted forms. */
export function instantOf(cell: Cell): number | undefined {
  if (typeof cell === 'number') return Number.isSafeInteger(cell) ? unixTime(BigInt(cell)) : undefined
  if (typeof cell === 'bigint') return unixTime(cell)
  if (isObject(cell)) {
    if ('timestamp' in cell) return milliseconds(cell.timestamp, cell.unit)
    if ('days' in cell) return cell.days * DAY_MS
    if ('julianDay' in cell) return (cell.julianDay - 2_440_588) * DAY_MS + milliseconds(cell.nanos, 'ns')
  }
  const text = textOf(cell)
  return text === undefined ? undefined : instantOfText(text)
}

function unixTime(value: bigint): number {
  if (value < 10n ** 11n) return Number(value * 1000n)
  if (value < 10n ** 14n) return milliseconds(value, 'ms')
  if (value < 10n ** 17n) return milliseconds(value, 'us')
  return milliseconds(value, 'ns')
}

/** Finer fractions are cut, downwards. */
function milliseconds(value: bigint, unit: 'ms' | 'us' | 'ns'): number {
  const perMillisecond = { ms: 1n, us: 1000n, ns: 1_000_000n }[unit]
  const remainder = ((value % perMillisecond) + perMillisecond) % perMillisecond
  return Number((value - remainder) / perMillisecond)
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})/
const TIME = /^[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?/
const ZONE = /^([+-])(\d{2}):?(\d{2})$/

function instantOfText(text: string): number | undefined {
  const date = DATE.exec(text)
  if (date === null) return undefined
  const day = dayOf(Number(date[1]), Number(date[2]), Number(date[3]))
  const afterDate = text.slice(date[0].length)
  if (day === undefined || afterDate === '') return day

  const time = TIME.exec(afterDate)
  if (time === null) return undefined
  const [hour, minute, second] = [Number(time[1]), Number(time[2]), Number(time[3] ?? 0)]
  const offset = offsetOf(afterDate.slice(time[0].length))
  if (hour > 23 || minute > 59 || second > 59 || offset === undefined) return undefined
  const millisecond = Number(`${time[4] ?? ''}000`.slice(0, 3))
  return day + ((hour * 60 + minute - offset) * 60 + second) * 1000 + millisecond
}

function dayOf(year: number, month: number, day: number): number | undefined {
  if (month < 1 || month > 12) return undefined
  if (day < 1 || day > daysInMonth(year, month)) return undefined
  return midnight(year, month, day)
}

/** Minutes east of UTC. */
function offsetOf(text: string): number | undefined {
  if (text === '' || text === 'Z') return 0
  const zone = ZONE.exec(text)
  if (zone === null) return undefined
  const [hours, minutes] = [Number(zone[2]), Number(zone[3])]
  if (hours > 23 || minutes > 59) return undefined
  return (zone[1] === '-' ? -1 : 1) * (hours * 60 + minutes)
}

/** Rounded half up: floats by their value, decimals and text on their digits. */
export function countOf(cell: Cell): number | undefined {
  if (typeof cell === 'number') return countOfFloat(cell)
  if (typeof cell === 'bigint') return countOfDecimal(cell, 0)
  if (isObject(cell) && 'decimal' in cell) return countOfDecimal(cell.decimal, cell.scale)
  const text = textOf(cell)
  if (text === undefined || !/^-?\d+(\.\d+)?$/.test(text)) return undefined
  const [whole, fraction = ''] = text.split('.') as [string, string?]
  return countOfDecimal(BigInt(whole + fraction), fraction.length)
}

function countOfFloat(value: number): number | undefined {
  if (!Number.isFinite(value) || value < 0) return undefined
  const whole = Math.floor(value)
  const rounded = value - whole >= 0.5 ? whole + 1 : whole
  return rounded > Number(MAX_COUNT) ? undefined : Math.abs(rounded)
}

function countOfDecimal(unscaled: bigint, scale: number): number | undefined {
  if (unscaled < 0n) return undefined
  const one = 10n ** BigInt(scale)
  const whole = unscaled / one
  const rounded = (unscaled - whole * one) * 2n >= one ? whole + 1n : whole
  return rounded > MAX_COUNT ? undefined : Number(rounded)
}

/** Undefined when the row must be rejected. */
export function categoriesOf(cell: Cell): readonly string[] | undefined {
  const found = partsOf(cell)
  if (found === undefined) return undefined
  const parts: string[] = []
  for (const text of found) {
    const part = nameOf(text)
    if (part === '') continue
    if (/\p{Cc}/u.test(part) || [...part].length > MAX_PART_CODE_POINTS) return undefined
    if (!parts.some(other => fold(other) === fold(part))) parts.push(part)
  }
  return parts.length > MAX_PARTS ? undefined : parts
}

/** Text is split on `;`; the elements of a list are parts as they are, null ones empty. */
function partsOf(cell: Cell): readonly string[] | undefined {
  if (cell === null) return []
  if (!Array.isArray(cell)) return textOf(cell)?.split(';')
  const parts: string[] = []
  for (const element of cell as readonly ListElement[]) {
    const text = element === null ? '' : textOf(element)
    if (text === undefined) return undefined
    parts.push(text)
  }
  return parts
}

/** Undefined for what is no text, and for bytes that are not UTF-8. */
function textOf(cell: Cell): string | undefined {
  if (typeof cell === 'string') return cell
  if (!isObject(cell) || !('bytes' in cell)) return undefined
  return decode(cell)
}

function decode(cell: BytesCell): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(cell.bytes)
  } catch {
    return undefined
  }
}

function isObject(cell: Cell): cell is Exclude<Cell, null | string | number | bigint | readonly ListElement[]> {
  return typeof cell === 'object' && cell !== null && !Array.isArray(cell)
}
