import { LRUCache } from 'lru-cache'
import {
  GROWTH_WINDOWS,
  type GrowthBaseline,
  type GrowthKind,
  type GrowthWindow,
  windowStart,
} from '../domain/growth.ts'

/** Where one growth window lies, in milliseconds. */
export interface WindowBounds {
  readonly opensAt: number
  /** The oldest instant of a measurement that still counts as known when the window opened. */
  readonly reachesBackTo: number
}

export type GrowthWindows = Readonly<Record<GrowthWindow, WindowBounds>>

/** The present and every past view that clients ask about. Calendar arithmetic costs 10 µs a date. */
const MAX_CACHED = 64
const cached = new LRUCache<number, GrowthWindows>({ max: MAX_CACHED })

/** The four windows that end at `asOf`. */
export function growthWindows(asOf: number): GrowthWindows {
  const known = cached.get(asOf)
  if (known) return known
  const bounds = GROWTH_WINDOWS.map(window => {
    const opensAt = windowStart(asOf, window)
    return [window, { opensAt, reachesBackTo: windowStart(opensAt, window) }] as const
  })
  const windows = Object.fromEntries(bounds) as Record<GrowthWindow, WindowBounds>
  cached.set(asOf, windows)
  return windows
}

const BASELINE_NAMES: Readonly<Record<GrowthBaseline, string>> = { FIRST_IN_WINDOW: 'first', AT_WINDOW_START: 'start' }

/** The prefix of the `account` table's columns for one kind of growth: `_at`, `_count` and `_percent` follow. */
export function growthColumn({ window, baseline }: GrowthKind): string {
  return `${window.toLowerCase()}_${BASELINE_NAMES[baseline]}`
}
