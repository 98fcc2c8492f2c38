import type { ColumnKind } from '../columns.ts'

/** Returns the instant of a cell in integer milliseconds UTC, with finer fractions cut, or NaN when it is invalid. */
export type ReadTimestamp = (cell: unknown) => number

const DAY_MS = 86_400_000
const TICKS_PER_MS = { MILLIS: 1n, MICROS: 1_000n, NANOS: 1_000_000n } as const

/** Returns the reader of a `date` column: docs/rules.md, "Timestamps". */
export function timestampReader(kind: ColumnKind): ReadTimestamp {
  switch (kind.kind) {
    case 'timestamp':
      return cell => (isInteger(cell) ? ticks(BigInt(cell), TICKS_PER_MS[kind.unit]) : Number.NaN)
    case 'day':
      return cell => (typeof cell === 'number' ? cell * DAY_MS : Number.NaN)
    case 'int96':
      return cell => (typeof cell === 'bigint' ? ticks(cell, TICKS_PER_MS.NANOS) : Number.NaN)
    case 'integer':
      return cell => (isInteger(cell) ? unixTime(unsigned(cell, kind.unsignedBits)) : Number.NaN)
    default:
      return cell => (typeof cell === 'string' ? parseTimestamp(cell) : Number.NaN)
  }
}

/** Whether the cell is a decoded integer of any width. */
export function isInteger(cell: unknown): cell is number | bigint {
  return typeof cell === 'number' || typeof cell === 'bigint'
}

/** Returns the value of an integer. An unsigned one is stored as the signed integer of the same bits. */
export function unsigned(cell: number | bigint, bits: 32 | 64 | null): bigint {
  return bits === null ? BigInt(cell) : BigInt.asUintN(bits, BigInt(cell))
}

/** Rounds down, also before 1970: cutting a fraction must not move an instant forward. */
function ticks(value: bigint, perMs: bigint): number {
  const cut = value / perMs
  return Number(value < 0n && cut * perMs !== value ? cut - 1n : cut)
}

/** The size of an integer Unix time determines its unit. */
function unixTime(value: bigint): number {
  if (value < 100_000_000_000n) return Number(value) * 1000
  if (value < 100_000_000_000_000n) return Number(value)
  if (value < 100_000_000_000_000_000n) return ticks(value, TICKS_PER_MS.MICROS)
  return ticks(value, TICKS_PER_MS.NANOS)
}

const FORM =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d+))?)?(?:Z|([+-])([01]\d|2[0-3]):?([0-5]\d))?)?$/

/**
 * Parses exactly the text forms that docs/rules.md lists. `Date.parse` would also accept 30 February, 10/11/2024 and
 * `foo 1`, and would depend on the time zone of the machine.
 */
export function parseTimestamp(text: string): number {
  const match = FORM.exec(text)
  if (!match) return Number.NaN
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', sign, offsetHour, offsetMinute] =
    match
  if (!isCalendarDay(Number(year), Number(month), Number(day))) return Number.NaN
  const time = utc(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second))
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'))
  const offset = sign ? (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000 : 0
  return time + ms + (sign === '-' ? offset : -offset)
}

/** The calendar repeats every 400 years. */
const CYCLE_YEARS = 400
const CYCLE_MS = 146_097 * DAY_MS

/** Like Date.UTC, which reads the years 0 to 99 as 1900 to 1999. */
function utc(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  return Date.UTC(year + CYCLE_YEARS, month - 1, day, hour, minute, second) - CYCLE_MS
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function isCalendarDay(year: number, month: number, day: number): boolean {
  const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = month === 2 && isLeapYear ? 29 : (MONTH_DAYS[month - 1] ?? 0)
  return day >= 1 && day <= days
}
