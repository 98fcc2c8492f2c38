import { GROWTH_WINDOWS } from '../../../domain/growth.ts'
import { windowStart } from './calendar.ts'
import { type Inspection, scalarOf, tuplesOf } from './inspection.ts'

/** One window, with what was found in it for each account; 0 stands for no measurement, since all are after 2000. */
export class Window {
  readonly name: string
  readonly opens: number
  readonly reach: number
  readonly firstAt: Float64Array
  readonly firstCount: Float64Array
  readonly knownAt: Float64Array
  readonly knownCount: Float64Array

  constructor(window: (typeof GROWTH_WINDOWS)[number], asOf: number, accounts: number) {
    this.name = window.toLowerCase()
    this.opens = windowStart(asOf, window)
    this.reach = windowStart(this.opens, window)
    this.firstAt = new Float64Array(accounts)
    this.firstCount = new Float64Array(accounts)
    this.knownAt = new Float64Array(accounts)
    this.knownCount = new Float64Array(accounts)
  }

  /** Takes the next measurement of an account; they come oldest first. */
  see(account: number, at: number, count: number): void {
    if (at >= this.opens && this.firstAt[account] === 0) {
      this.firstAt[account] = at
      this.firstCount[account] = count
    }
    if (at >= this.reach && at <= this.opens) {
      this.knownAt[account] = at
      this.knownCount[account] = count
    }
  }
}

/** What the measurements say of every account, some 170 bytes each: what a check needs memory for. */
export class KnownAccounts {
  /** Internal keys in ascending order; the other lists go by the position in this one. */
  readonly ids: Float64Array
  readonly newestAt: Float64Array
  readonly newestCount: Float64Array
  readonly newestSet: Float64Array
  /** The first ingestion that brought anything of the account. */
  readonly origin: Float64Array
  readonly windows: readonly Window[]
  readonly asOf: number | null

  constructor(inspection: Inspection) {
    this.ids = new Float64Array(scalarOf<number>(inspection, 'SELECT count(*) FROM account'))
    let position = 0
    for (const [id] of tuplesOf<[number]>(inspection, 'SELECT id FROM account ORDER BY id')) this.ids[position++] = id
    const column = () => new Float64Array(this.ids.length)
    this.newestAt = column()
    this.newestCount = column()
    this.newestSet = column()
    this.origin = column().fill(Infinity)
    // The period leads the key, so the newest measurement is in the last.
    this.asOf = scalarOf(
      inspection,
      'SELECT max(measured_at) FROM measurement WHERE period = (SELECT max(period) FROM measurement)',
    )
    const asOf = this.asOf ?? 0
    this.windows = GROWTH_WINDOWS.map(window => new Window(window, asOf, this.ids.length))
  }

  /** The position of an internal key, or -1. */
  positionOf(id: number): number {
    let [from, to] = [0, this.ids.length]
    while (from < to) {
      const middle = (from + to) >>> 1
      if (this.ids[middle]! < id) from = middle + 1
      else to = middle
    }
    return this.ids[from] === id ? from : -1
  }

  see(account: number, at: number, count: number, set: number, ingestion: number): void {
    this.newestAt[account] = at
    this.newestCount[account] = count
    this.newestSet[account] = set
    if (ingestion < this.origin[account]!) this.origin[account] = ingestion
    for (const window of this.windows) window.see(account, at, count)
  }
}
