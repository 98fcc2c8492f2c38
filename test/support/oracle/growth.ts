/** Growth of one account by the letter of docs/rules.md, "Growth". */
import type { Growth, GrowthBaseline, GrowthKind } from '../../../src/domain/growth.ts'
import type { Point } from '../../../src/domain/measurement.ts'
import { oneWindowBefore } from './calendar.ts'

/** `points` are all measurements of the account, at least one, in any order. */
export function growthOf(points: readonly Point[], asOf: number, kind: GrowthKind): Growth {
  const { window, baseline } = kind
  const opensAt = oneWindowBefore(asOf, window)
  const to = newestOf(points)
  const unknown = { window, baseline, opensAt, to, from: null, absolute: null, percent: null }
  if (to.measuredAt < opensAt) return { ...unknown, unknownReason: 'NO_RECENT_MEASUREMENT' }

  const from = baselineOf(points, opensAt, oneWindowBefore(opensAt, window), baseline)
  if (from === undefined || from.measuredAt >= to.measuredAt) return { ...unknown, unknownReason: 'NO_BASELINE' }

  const absolute = to.subscriberCount - from.subscriberCount
  if (from.subscriberCount === 0) return { ...unknown, from, absolute, unknownReason: 'ZERO_BASELINE' }
  return { ...unknown, from, absolute, percent: (absolute * 100) / from.subscriberCount, unknownReason: null }
}

function baselineOf(points: readonly Point[], opensAt: number, oldest: number, baseline: GrowthBaseline) {
  if (baseline === 'FIRST_IN_WINDOW') return oldestOf(points.filter(point => point.measuredAt >= opensAt))
  const before = points.filter(point => point.measuredAt <= opensAt)
  if (before.length > 0 && newestOf(before).measuredAt >= oldest) return newestOf(before)
  return oldestOf(points.filter(point => point.measuredAt > opensAt))
}

export function newestOf<P extends Point>(points: readonly P[]): P {
  return points.reduce((newest, point) => (point.measuredAt > newest.measuredAt ? point : newest))
}

function oldestOf(points: readonly Point[]): Point | undefined {
  let oldest: Point | undefined
  for (const point of points) if (oldest === undefined || point.measuredAt < oldest.measuredAt) oldest = point
  return oldest
}
