import type { CategorySets } from './categories.ts'
import { type Inspection, scalarOf, spoken, tuplesOf } from './inspection.ts'
import { KnownAccounts } from './known-accounts.ts'
import type { Brought, BroughtBy } from './ledger.ts'

/** What the measurements say, once all have been seen. */
export interface Measured {
  readonly accounts: KnownAccounts
  readonly periods: ReadonlySet<number>
  readonly count: number
  readonly firstAt: number | null
}

const YEAR_2000 = Date.UTC(2000, 0, 1)
const ROWS_PER_PROGRESS = 1 << 18

type Row = readonly [period: number, account: number, at: number, count: number, set: number, ingestion: number]

/**
 * Walks once over all measurements, in the order in which they are stored: by period, account and instant, so that those
 * of one account come oldest first.
 */
export function walkMeasurements(inspection: Inspection, sets: CategorySets, brought: BroughtBy): Measured {
  const walk = new Walk(inspection, sets, brought)
  const total = scalarOf<number>(inspection, 'SELECT measurement_count FROM dataset') ?? 0
  for (const row of tuplesOf<Row>(inspection, 'SELECT * FROM measurement ORDER BY period, account, measured_at')) {
    walk.take(row)
    if (walk.count % ROWS_PER_PROGRESS === 0) inspection.onProgress(Math.min(walk.count / total, 1))
  }
  return walk
}

class Walk implements Measured {
  readonly accounts: KnownAccounts
  readonly periods = new Set<number>()
  count = 0
  firstAt: number | null = null
  readonly #inspection: Inspection
  readonly #sets: CategorySets
  readonly #broughtBy: BroughtBy
  readonly #ingestions: ReadonlySet<number>
  #period: number | undefined
  #position = 0
  #ingestion: number | undefined
  #brought: Brought | undefined

  constructor(inspection: Inspection, sets: CategorySets, broughtBy: BroughtBy) {
    this.#inspection = inspection
    this.#sets = sets
    this.#broughtBy = broughtBy
    this.accounts = new KnownAccounts(inspection)
    this.#ingestions = new Set([...tuplesOf<[number]>(inspection, 'SELECT id FROM ingestion')].flat())
  }

  take([period, account, at, count, set, ingestion]: Row): void {
    this.count++
    if (this.firstAt === null || at < this.firstAt) this.firstAt = at
    if (period !== this.#period) this.#enter(period)
    const { ids } = this.accounts
    while (ids[this.#position]! < account) this.#position++
    const isKnown = ids[this.#position] === account
    if (!isKnown) this.#broken('account', account)
    else this.accounts.see(this.#position, at, count, set, ingestion)
    this.#takeSource(at, set, ingestion)
    if (at >= YEAR_2000) return
    this.#inspection.findings.add('measurement-instant', () => `account ${account}: ${spoken(at)}`)
  }

  #enter(period: number): void {
    this.#period = period
    this.#position = 0
    this.periods.add(period)
  }

  #takeSource(at: number, set: number, ingestion: number): void {
    if (ingestion !== this.#ingestion || this.#brought === undefined) {
      this.#ingestion = ingestion
      this.#brought = this.#broughtBy.of(ingestion)
      if (!this.#ingestions.has(ingestion)) this.#broken('ingestion', ingestion)
    }
    this.#brought.rows++
    this.#brought.inserted++
    if (at < this.#brought.firstAt) this.#brought.firstAt = at
    if (at > this.#brought.lastAt) this.#brought.lastAt = at
    const setOrigin = this.#sets.origin.get(set)
    if (setOrigin === undefined) this.#broken('category_set', set)
    else if (setOrigin > ingestion) {
      this.#inspection.findings.add(
        'category-origin',
        () => `set ${set} is of ingestion ${setOrigin}, used by ${ingestion}`,
      )
    }
  }

  #broken(table: string, key: number): void {
    this.#inspection.findings.add('reference-broken', () => `measurement: no such ${table} ${key}`)
  }
}
