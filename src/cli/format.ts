import { TRACKED_ABOVE } from '../domain/account.ts'

const NUMBER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })

/** 1234567.891 → 1,234,567.89 */
export function number(value: number): string {
  return NUMBER.format(value)
}

/** An instant in ISO 8601, or a dash for null. */
export function instant(value: number | null): string {
  return value === null ? '-' : new Date(value).toISOString()
}

/** Replaces control characters in text from outside, so that a file name or cell cannot move the cursor. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\uFFFD')
}

/** The number of accounts that the API lists: docs/rules.md, "Measurements and accounts", rule 2. */
export function trackedAccounts(count: number): string {
  return `${number(count)} accounts above ${number(TRACKED_ABOVE)} subscribers`
}
