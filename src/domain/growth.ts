import { DateTime } from 'luxon'
import type { Point } from './measurement.ts'

export const GROWTH_WINDOWS = ['WEEK', 'MONTH', 'QUARTER', 'YEAR'] as const
export type GrowthWindow = (typeof GROWTH_WINDOWS)[number]

export const GROWTH_BASELINES = ['FIRST_IN_WINDOW', 'AT_WINDOW_START'] as const
export type GrowthBaseline = (typeof GROWTH_BASELINES)[number]

export type GrowthUnknownReason = 'NO_RECENT_MEASUREMENT' | 'NO_BASELINE' | 'ZERO_BASELINE'

/** The window and baseline that a growth figure belongs to. */
export interface GrowthKind {
  readonly window: GrowthWindow
  readonly baseline: GrowthBaseline
}

export const DEFAULT_GROWTH: GrowthKind = { window: 'MONTH', baseline: 'FIRST_IN_WINDOW' }

/** Growth of one account. `percent` is in percent (12.5 = 12.5 %), unrounded; unknown figures are null, never 0. */
export interface Growth extends GrowthKind {
  readonly opensAt: number
  readonly from: Point | null
  readonly to: Point
  readonly absolute: number | null
  readonly percent: number | null
  readonly unknownReason: GrowthUnknownReason | null
}

/** The number of tracked accounts with known growth, and with unknown growth by reason. */
export interface GrowthCoverage {
  readonly known: number
  readonly noRecentMeasurement: number
  readonly noBaseline: number
  readonly zeroBaseline: number
}

const LENGTH = {
  WEEK: { days: 7 },
  MONTH: { months: 1 },
  QUARTER: { months: 3 },
  YEAR: { years: 1 },
} as const satisfies Record<GrowthWindow, object>

/** Returns the instant one window before `end`, in the UTC calendar. Month ends clamp: 31 March − 1 month = 28 or 29 February. */
export function windowStart(end: number, window: GrowthWindow): number {
  return DateTime.fromMillis(end, { zone: 'utc' }).minus(LENGTH[window]).toMillis()
}

/**
 * Returns the growth from `from` to the account's newest measurement `to`. Rules: docs/rules.md, "Growth".
 *
 * @param from the baseline measurement; null when there is none earlier than `to`
 */
export function growthBetween(kind: GrowthKind, opensAt: number, from: Point | null, to: Point): Growth {
  const { window, baseline } = kind
  // Every account of every page calls this. Object spread takes ten times as long.
  const growth = (start: Point | null, absolute: number | null, percent: number | null, reason: Reason): Growth => ({
    window,
    baseline,
    opensAt,
    from: start,
    to,
    absolute,
    percent,
    unknownReason: reason,
  })
  if (to.measuredAt < opensAt) return growth(null, null, null, 'NO_RECENT_MEASUREMENT')
  if (from === null) return growth(null, null, null, 'NO_BASELINE')
  const absolute = to.subscriberCount - from.subscriberCount
  if (from.subscriberCount === 0) return growth(from, absolute, null, 'ZERO_BASELINE')
  return growth(from, absolute, (absolute * 100) / from.subscriberCount, null)
}

type Reason = GrowthUnknownReason | null
