/** What the page shows. It is kept in the address, so that a view can be sent to somebody. */
export interface State {
  readonly category: string
  /** Empty for any. */
  readonly above: string
  /** In percent; empty for any. */
  readonly grew: string
  readonly window: string
  readonly baseline: string
  readonly order: string
  /** Months up to the newest measurement of all; '0' for everything. */
  readonly span: string
  readonly bucket: string
  readonly scale: string
  readonly carry: string
  /** Account ids, separated by blanks; `NOBODY`; or empty for the first ones of the list. */
  readonly chosen: string
}

const DEFAULTS: State = {
  category: '',
  above: '',
  grew: '',
  window: 'MONTH',
  baseline: 'FIRST_IN_WINDOW',
  order: 'SUBSCRIBER_COUNT',
  span: '12',
  bucket: 'WEEK',
  scale: 'linear',
  carry: 'NONE',
  chosen: '',
}

export function stateIn(address: string): State {
  const found = new URLSearchParams(address.replace(/^#/, ''))
  const entries = Object.entries(DEFAULTS).map(([name, byDefault]) => [name, found.get(name) ?? byDefault])
  return Object.fromEntries(entries)
}

export function addressOf(state: State): string {
  const changed = Object.entries(state).filter(([name, value]) => value !== DEFAULTS[name as keyof State])
  return `#${new URLSearchParams(changed)}`
}

/** At most this many lines can be told apart. */
export const MAX_CHOSEN = 8

/** Chosen when every line is taken from the chart. */
const NOBODY = 'none'

/** @returns null for the first ones of the list */
export function chosenIn({ chosen }: State): string[] | null {
  if (chosen === NOBODY) return []
  const ids = chosen.split(' ').filter(Boolean).slice(0, MAX_CHOSEN)
  return ids.length > 0 ? ids : null
}

export function choiceOf(accountIds: readonly string[]): Pick<State, 'chosen'> {
  return { chosen: accountIds.join(' ') || NOBODY }
}
