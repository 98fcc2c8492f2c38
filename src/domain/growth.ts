import { DateTime } from 'luxon'
import type { Point } from './measurement.ts'

export const GROWTH_WINDOWS = ['WEEK', 'MONTH', 'QUARTER', 'YEAR'] as const
export type GrowthWindow = (typeof GROWTH_WINDOWS)[number]

export const GROWTH_BASELINES = ['FIRST_IN_WINDOW', 'AT_WINDOW_START'] as const
export type GrowthBaseline = (typeof GROWTH_BASELINES)[number]

export type GrowthUnknownReason = 'NO_RECENT_MEASUREMENT' | 'NO_BASELINE' | 'ZERO_BASELINE'

/** Which growth is meant: every figure of growth belongs to one window and one baseline. */
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

/** How many tracked accounts have a known growth, and why the others have none. */
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

/** The instant one window before `instant`, in the UTC calendar; month ends clamp (31 March − 1 month = 28 or 29 February). */
export function windowBefore(instant: number, window: GrowthWindow): number {
  return DateTime.fromMillis(instant, { zone: 'utc' }).minus(LENGTH[window]).toMillis()
}

/**
 * Growth from `from` to the account's newest measurement. Rules: docs/rules.md, "Growth".
 *
 * @param from the baseline's measurement, or null where the rule finds none that is earlier than `to`
 */
export function growthBetween(kind: GrowthKind, opensAt: number, from: Point | null, to: Point): Growth {
  const { window, baseline } = kind
  // Written out, since every account of every page comes through here: to spread objects takes ten times as long.
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
