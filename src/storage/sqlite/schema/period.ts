/** Length of the span that leads the key of `measurement`: 30 days. Why there is one: docs/adr/0002. */
export const PERIOD_MS = 30 * 24 * 60 * 60 * 1000

/** The period that an instant falls in. */
export function periodOf(instant: number): number {
  return Math.floor(instant / PERIOD_MS)
}
