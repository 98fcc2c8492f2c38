/** What is known of a request when its cost is told. */
export interface Asked {
  /** By name, defaults included, as they were sent. */
  readonly variables: Readonly<Record<string, unknown>>
  /** The present in milliseconds. */
  now(): number
  readonly maxPageSize: number
}

/** A number that is known from the document, or one that depends on the request. */
export type Estimate = number | ((asked: Asked) => number)

export function amountOf(estimate: Estimate, asked: Asked): number {
  return typeof estimate === 'number' ? estimate : estimate(asked)
}

export function plus(estimates: readonly Estimate[]): Estimate {
  const known = estimates.reduce<number>((sum, estimate) => sum + (typeof estimate === 'number' ? estimate : 0), 0)
  const open = estimates.filter(estimate => typeof estimate === 'function')
  if (open.length === 0) return known
  return asked => open.reduce((sum, estimate) => sum + estimate(asked), known)
}

export function times(a: Estimate, b: Estimate): Estimate {
  if (a === 0 || b === 0) return 0
  if (typeof a === 'number' && typeof b === 'number') return a * b
  return asked => amountOf(a, asked) * amountOf(b, asked)
}
