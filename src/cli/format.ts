import { TRACKED_ABOVE } from '../domain/account.ts'

const NUMBER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })

/** 1234567.891 → 1,234,567.89 */
export function number(value: number): string {
  return NUMBER.format(value)
}

/** An instant as the API writes it, or a dash. */
export function instant(value: number | null): string {
  return value === null ? '-' : new Date(value).toISOString()
}

/** Text from outside, safe to print: a file name or cell must not move the cursor or ring the bell. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\uFFFD')
}

/** So many of those that the API shows: docs/rules.md, "Measurements and accounts", rule 2. */
export function trackedAccounts(count: number): string {
  return `${number(count)} accounts above ${number(TRACKED_ABOVE)} subscribers`
}
