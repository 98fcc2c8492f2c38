const WHOLE = new Intl.NumberFormat('en')
const ROUNDED = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
const PERCENT = new Intl.NumberFormat('en', { signDisplay: 'exceptZero', maximumFractionDigits: 1 })

const UNKNOWN: Readonly<Record<string, string>> = {
  NO_RECENT_MEASUREMENT: 'not measured',
  NO_BASELINE: 'no baseline',
  ZERO_BASELINE: 'from 0',
}

export function whole(count: number): string {
  return WHOLE.format(count)
}

export function rounded(count: number): string {
  return ROUNDED.format(count)
}

/** @param percent null when unknown */
export function percentWords(percent: number | null, unknownReason: string | null): string {
  if (percent !== null) return `${PERCENT.format(percent)} %`
  return UNKNOWN[unknownReason ?? ''] ?? 'unknown'
}

/** @param instant RFC 3339 in UTC */
export function day(instant: string): string {
  return instant.slice(0, 10)
}
