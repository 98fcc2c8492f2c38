/**
 * The product's rules in plain loops over plain maps: slow, small, and to be believed by reading it beside
 * docs/rules.md. Tests compare the product's answers with it; it shares no code with the product.
 */
import type { AccountFilter, AccountOrder, Category } from '../../../src/domain/account.ts'
import type { Growth, GrowthCoverage, GrowthKind } from '../../../src/domain/growth.ts'
import type { Measurement, TimeRange } from '../../../src/domain/measurement.ts'
import { type Candidate, compareIn, matches } from './accounts.ts'
import type { Bucket } from './calendar.ts'
import { growthOf, newestOf } from './growth.ts'
import { type Fill, historyOf, type OracleHistoryPoint } from './history.ts'
import { type AcceptedRow, accountIdOf, compareCodePoints, fold, judgeRow, type Rejection } from './normalise.ts'
import type { IngestionFigures, OracleAccount, OracleDataset, RawRow, RejectionCounts } from './types.ts'

const TRACKED_ABOVE = 1000
const MONTH_BY_DEFAULT: GrowthKind = { window: 'MONTH', baseline: 'FIRST_IN_WINDOW' }

export interface RejectedRowNumber extends Rejection {
  /** From 1. */
  readonly rowNumber: number
}

export interface NaiveIngestion extends IngestionFigures {
  readonly id: string
  readonly rejectedRows: readonly RejectedRowNumber[]
}

/** Thrown for a file more than half of whose rows are rejected; nothing has changed. */
export class TooManyRejectedRows extends Error {
  override readonly name = 'TooManyRejectedRows'
  readonly code = 'TOO_MANY_REJECTED_ROWS'
  readonly rowsRead: number
  readonly rejectedRows: readonly RejectedRowNumber[]

  constructor(rowsRead: number, rejectedRows: readonly RejectedRowNumber[]) {
    super(`${rejectedRows.length} of ${rowsRead} rows are rejected`)
    this.rowsRead = rowsRead
    this.rejectedRows = rejectedRows
  }
}

/** What a measurement said before a later row corrected it. */
export interface Replaced {
  readonly subscriberCount: number
  readonly categories: readonly string[]
  readonly ingestionId: string
}

/** `categories` are folded; `replaced` is oldest first. */
interface Stored {
  readonly subscriberCount: number
  readonly categories: readonly string[]
  readonly ingestionId: string
  readonly replaced: readonly Replaced[]
}

/** Everything that an ingestion can change: one is kept per ingestion, so that a revert puts the one before back. */
interface State {
  readonly ingestion: NaiveIngestion | null
  /** The newest instant of all measurements. */
  readonly asOf: number | null
  /** By accountId, then by instant. */
  readonly accounts: Map<string, Map<number, Stored>>
  /** The spelling seen first, by folded name. */
  readonly spellings: Map<string, string>
}

export class NaiveStore {
  #states: State[] = [{ ingestion: null, asOf: null, accounts: new Map(), spellings: new Map() }]

  /** @throws TooManyRejectedRows */
  ingest(rows: readonly RawRow[], { id, now }: { readonly id: string; readonly now: number }): NaiveIngestion {
    const { accepted, rejectedRows } = judge(rows, now)
    if (rejectedRows.length * 2 > rows.length) throw new TooManyRejectedRows(rows.length, rejectedRows)

    const state = copyOf(this.#state)
    const outcomes = { inserted: 0, corrected: 0, unchanged: 0 }
    for (const row of accepted) outcomes[store(state, row, id)]++
    const ingestion: NaiveIngestion = {
      id,
      rowsRead: rows.length,
      ...outcomes,
      rejected: rejectedRows.length,
      rejections: countReasons(rejectedRows),
      rejectedRows,
      accountsCreated: state.accounts.size - this.#state.accounts.size,
      ...spanOf(accepted),
    }
    this.#states.push({ ...state, ingestion, asOf: newestInstant(state) })
    return ingestion
  }

  /** Undoes the newest ingestion: its measurements, corrections, spellings and accounts. */
  revertLast(): void {
    if (this.#states.length === 1) throw new Error('there is no ingestion to revert')
    this.#states.pop()
  }

  /** The newest ingestion that has not been reverted. */
  get lastIngestionId(): string | null {
    return this.#state.ingestion?.id ?? null
  }

  /** The newest instant of all measurements. */
  get asOf(): number | null {
    return this.#state.asOf
  }

  dataset(): OracleDataset {
    const all = this.allMeasurements()
    let firstMeasuredAt: number | null = null
    for (const { measuredAt } of all) {
      if (firstMeasuredAt === null || measuredAt < firstMeasuredAt) firstMeasuredAt = measuredAt
    }
    return { asOf: this.asOf, firstMeasuredAt, accountCount: this.#tracked().length, measurementCount: all.length }
  }

  /** A tracked account, or null; `kind` is the growth that comes with it. */
  account(accountId: string, kind: GrowthKind = MONTH_BY_DEFAULT): OracleAccount | null {
    const measurements = this.measurements(accountId)
    if (measurements.length === 0 || !isTracked(measurements)) return null
    return shown(this.#candidate(measurements), kind)
  }

  /** The whole ordered list. */
  accounts(filter: AccountFilter, order: AccountOrder, kind: GrowthKind = MONTH_BY_DEFAULT): OracleAccount[] {
    return this.#tracked()
      .filter(account => matches(account, filter))
      .sort(compareIn(order))
      .map(account => shown(account, kind))
  }

  /** Of any account that has a measurement, tracked or not; null for others. */
  growth(accountId: string, kind: GrowthKind): Growth | null {
    const points = this.measurements(accountId).map(pointOf)
    return points.length === 0 ? null : growthOf(points, this.asOf!, kind)
  }

  /** Of tracked accounts. */
  growthCoverage(kind: GrowthKind): GrowthCoverage {
    const reasons = this.#tracked().map(account => account.growth(kind).unknownReason)
    const count = (wanted: string | null) => reasons.filter(reason => reason === wanted).length
    return {
      known: count(null),
      noRecentMeasurement: count('NO_RECENT_MEASUREMENT'),
      noBaseline: count('NO_BASELINE'),
      zeroBaseline: count('ZERO_BASELINE'),
    }
  }

  /** Those with a tracked account, by lower-case name. */
  categories(): Category[] {
    const counts = new Map<string, number>()
    for (const account of this.#tracked()) {
      for (const name of account.categories) counts.set(name, (counts.get(name) ?? 0) + 1)
    }
    return [...counts]
      .map(([name, accountCount]) => ({ name, accountCount }))
      .sort((a, b) => compareCodePoints(fold(a.name), fold(b.name)))
  }

  /** Of one account, tracked or not, oldest first; `from` is in the range, `to` is not. */
  measurements(accountId: string, { from = -Infinity, to = Infinity }: TimeRange = {}): Measurement[] {
    const id = accountIdOf(accountId) ?? ''
    return [...(this.#state.accounts.get(id) ?? [])]
      .filter(([measuredAt]) => measuredAt >= from && measuredAt < to)
      .sort(([a], [b]) => a - b)
      .map(([measuredAt, stored]) => this.#measurement(id, measuredAt, stored))
  }

  /** Of all accounts, tracked or not, in no particular order. */
  allMeasurements(): Measurement[] {
    const all: Measurement[] = []
    for (const [accountId, instants] of this.#state.accounts) {
      for (const [measuredAt, stored] of instants) all.push(this.#measurement(accountId, measuredAt, stored))
    }
    return all
  }

  /** What a measurement said before it was corrected, oldest first. */
  replaced(accountId: string, measuredAt: number): Replaced[] {
    const stored = this.#state.accounts.get(accountId)?.get(measuredAt)
    return (stored?.replaced ?? []).map(value => ({ ...value, categories: this.#spelled(value.categories) }))
  }

  /** Of any account; `from` is in the range, `to` is not. */
  history(accountId: string, bucket: Bucket, from?: number, to?: number, fill: Fill = 'NONE'): OracleHistoryPoint[] {
    return historyOf(this.measurements(accountId), { from, to }, bucket, fill)
  }

  get #state(): State {
    return this.#states.at(-1)!
  }

  #measurement(accountId: string, measuredAt: number, stored: Stored): Measurement {
    const { subscriberCount, ingestionId } = stored
    return { accountId, measuredAt, subscriberCount, categories: this.#spelled(stored.categories), ingestionId }
  }

  /** In the spelling seen first, by lower-case name. */
  #spelled(folded: readonly string[]): string[] {
    return [...folded].sort(compareCodePoints).map(name => this.#state.spellings.get(name)!)
  }

  /** The accounts whose newest count is above 1,000. */
  #tracked(): Candidate[] {
    const tracked: Candidate[] = []
    for (const accountId of this.#state.accounts.keys()) {
      const measurements = this.measurements(accountId)
      if (isTracked(measurements)) tracked.push(this.#candidate(measurements))
    }
    return tracked
  }

  /** The account of these measurements; each growth is worked out once. */
  #candidate(measurements: readonly Measurement[]): Candidate {
    const { accountId, subscriberCount, measuredAt, categories } = newestOf(measurements)
    const points = measurements.map(pointOf)
    const known = new Map<string, Growth>()
    const growth = (kind: GrowthKind) => {
      const key = `${kind.window} ${kind.baseline}`
      if (!known.has(key)) known.set(key, growthOf(points, this.asOf!, kind))
      return known.get(key)!
    }
    return { accountId, subscriberCount, measuredAt, categories, growth }
  }
}

function judge(rows: readonly RawRow[], now: number) {
  const accepted: AcceptedRow[] = []
  const rejectedRows: RejectedRowNumber[] = []
  rows.forEach((row, index) => {
    const verdict = judgeRow(row, now)
    if ('reason' in verdict) rejectedRows.push({ rowNumber: index + 1, ...verdict })
    else accepted.push(verdict)
  })
  return { accepted, rejectedRows }
}

/** Judges one row against the value as it now stands, and writes it. */
function store(state: State, row: AcceptedRow, ingestionId: string): 'inserted' | 'corrected' | 'unchanged' {
  for (const name of row.categories) {
    if (!state.spellings.has(fold(name))) state.spellings.set(fold(name), name)
  }
  const { subscriberCount } = row
  const categories = row.categories.map(fold)
  const instants = state.accounts.get(row.accountId) ?? new Map<number, Stored>()
  state.accounts.set(row.accountId, instants)
  const old = instants.get(row.measuredAt)
  if (old === undefined) {
    instants.set(row.measuredAt, { subscriberCount, categories, ingestionId, replaced: [] })
    return 'inserted'
  }
  if (old.subscriberCount === subscriberCount && sameNames(old.categories, categories)) return 'unchanged'
  const { replaced, ...value } = old
  instants.set(row.measuredAt, { subscriberCount, categories, ingestionId, replaced: [...replaced, value] })
  return 'corrected'
}

function newestInstant({ accounts }: State): number | null {
  let newest: number | null = null
  for (const instants of accounts.values()) {
    for (const instant of instants.keys()) if (newest === null || instant > newest) newest = instant
  }
  return newest
}

function isTracked(measurements: readonly Measurement[]): boolean {
  return newestOf(measurements).subscriberCount > TRACKED_ABOVE
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every(name => b.includes(name))
}

function countReasons(rejectedRows: readonly Rejection[]): RejectionCounts {
  const counts: RejectionCounts = {}
  for (const { reason } of rejectedRows) counts[reason] = (counts[reason] ?? 0) + 1
  return counts
}

function spanOf(rows: readonly AcceptedRow[]) {
  let firstMeasuredAt: number | null = null
  let lastMeasuredAt: number | null = null
  for (const { measuredAt } of rows) {
    if (firstMeasuredAt === null || measuredAt < firstMeasuredAt) firstMeasuredAt = measuredAt
    if (lastMeasuredAt === null || measuredAt > lastMeasuredAt) lastMeasuredAt = measuredAt
  }
  return { firstMeasuredAt, lastMeasuredAt }
}

function copyOf(state: State): State {
  const accounts = new Map([...state.accounts].map(([accountId, instants]) => [accountId, new Map(instants)]))
  return { ...state, accounts, spellings: new Map(state.spellings) }
}

function pointOf({ measuredAt, subscriberCount }: Measurement) {
  return { measuredAt, subscriberCount }
}

function shown({ accountId, subscriberCount, measuredAt, categories, growth }: Candidate, kind: GrowthKind) {
  return { accountId, subscriberCount, measuredAt, categories, growth: growth(kind) }
}
