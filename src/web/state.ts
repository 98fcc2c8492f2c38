/** What the page shows. It is stored in the URL fragment, so that a view can be shared. */
export interface State {
  readonly category: string
  /** Empty for any. */
  readonly above: string
  /** In percent; empty for any. */
  readonly grew: string
  readonly window: string
  readonly baseline: string
  readonly order: string
  /** Months before the newest measurement; '0' for all. */
  readonly span: string
  readonly bucket: string
  readonly scale: string
  readonly carry: string
  /** Account ids separated by spaces, `NO_ACCOUNT`, or empty for the first accounts of the list. */
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

export function parseState(address: string): State {
  const found = new URLSearchParams(address.replace(/^#/, ''))
  const entries = Object.entries(DEFAULTS).map(([name, byDefault]) => [name, found.get(name) ?? byDefault])
  return Object.fromEntries(entries)
}

export function formatState(state: State): string {
  const changed = Object.entries(state).filter(([name, value]) => value !== DEFAULTS[name as keyof State])
  return `#${new URLSearchParams(changed)}`
}

/** More lines could not be distinguished. */
export const MAX_CHOSEN = 8

/** The value when the user has removed every line. */
const NO_ACCOUNT = 'none'

/** @returns null for the first accounts of the list */
export function parseChosen({ chosen }: State): string[] | null {
  if (chosen === NO_ACCOUNT) return []
  const ids = chosen.split(' ').filter(Boolean).slice(0, MAX_CHOSEN)
  return ids.length > 0 ? ids : null
}

export function formatChosen(accountIds: readonly string[]): Pick<State, 'chosen'> {
  return { chosen: accountIds.join(' ') || NO_ACCOUNT }
}
