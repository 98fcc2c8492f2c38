import type { GrowthWindow } from '../../../src/domain/growth.ts'

export const DAY_MS = 86_400_000

const MONTHS: Record<Exclude<GrowthWindow, 'WEEK'>, number> = { MONTH: 1, QUARTER: 3, YEAR: 12 }

/** `month` from 1. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

function isLeapYear(year: number): boolean {
  if (year % 400 === 0) return true
  if (year % 100 === 0) return false
  return year % 4 === 0
}

/** Midnight UTC of a real calendar day, `month` from 1; any year (`Date.UTC` takes 0 to 99 for the 1900s). */
export function midnight(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day)
}

/** The instant one window earlier in the UTC calendar; days that the month does not have clamp to its last. */
export function oneWindowBefore(instant: number, window: GrowthWindow): number {
  if (window === 'WEEK') return instant - 7 * DAY_MS
  return monthsBefore(instant, MONTHS[window])
}

function monthsBefore(instant: number, months: number): number {
  const date = new Date(instant)
  let year = date.getUTCFullYear()
  let month = date.getUTCMonth() + 1 - months
  while (month < 1) {
    month += 12
    year -= 1
  }
  const day = Math.min(date.getUTCDate(), daysInMonth(year, month))
  const timeOfDay = instant - midnight(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())
  return midnight(year, month, day) + timeOfDay
}

export type Bucket = 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER'

/** Where the UTC bucket that holds `instant` begins; weeks begin on Monday. */
export function bucketStart(instant: number, bucket: Bucket): number {
  const date = new Date(instant)
  const year = date.getUTCFullYear()
  const month = date.getUTCMonth() + 1
  const day = midnight(year, month, date.getUTCDate())
  if (bucket === 'DAY') return day
  if (bucket === 'WEEK') return day - ((date.getUTCDay() + 6) % 7) * DAY_MS
  if (bucket === 'MONTH') return midnight(year, month, 1)
  return midnight(year, month - ((month - 1) % 3), 1)
}

/** Where the bucket after the one that begins at `start` begins. */
export function nextBucket(start: number, bucket: Bucket): number {
  let instant = start + DAY_MS
  while (bucketStart(instant, bucket) === start) instant += DAY_MS
  return instant
}
