import type { GrowthWindow } from '../../../domain/growth.ts'

const MONTHS: Readonly<Record<Exclude<GrowthWindow, 'WEEK'>, number>> = { MONTH: 1, QUARTER: 3, YEAR: 12 }
const WEEK_MS = 7 * 24 * 60 * 60 * 1000

/** The instant one window before `instant`: docs/rules.md, "Growth". On purpose without the library that the program uses. */
export function windowStart(instant: number, window: GrowthWindow): number {
  if (window === 'WEEK') return instant - WEEK_MS
  const date = new Date(instant)
  const month = date.getUTCMonth() - MONTHS[window]
  // Day 0 of a month is the last day of the one before it.
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate()
  const day = Math.min(date.getUTCDate(), lastDay)
  const midnight = Date.UTC(date.getUTCFullYear(), month, day)
  return midnight + (instant - Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()))
}
