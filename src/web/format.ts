const WHOLE = new Intl.NumberFormat('en')
const ROUNDED = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
const GAIN = new Intl.NumberFormat('en', { signDisplay: 'exceptZero' })
const PERCENT = new Intl.NumberFormat('en', { signDisplay: 'exceptZero', maximumFractionDigits: 1 })

const UNKNOWN: Readonly<Record<string, string>> = {
  NO_RECENT_MEASUREMENT: 'not measured',
  NO_BASELINE: 'no baseline',
  ZERO_BASELINE: 'from 0',
}

export function formatNumber(count: number): string {
  return WHOLE.format(count)
}

export function formatCompact(count: number): string {
  return ROUNDED.format(count)
}

export function formatPercent(percent: number): string {
  return `${PERCENT.format(percent)} %`
}

/** @param count of subscribers, negative when they were lost */
export function formatGain(count: number): string {
  return GAIN.format(count)
}

export function formatUnknownReason(reason: string | null): string {
  return UNKNOWN[reason ?? ''] ?? 'unknown'
}

/** @param instant RFC 3339 in UTC */
export function formatDay(instant: string): string {
  return instant.slice(0, 10)
}
