import type { Account } from '../../../domain/account.ts'
import {
  GROWTH_BASELINES,
  GROWTH_WINDOWS,
  type Growth,
  type GrowthBaseline,
  type GrowthKind,
  growthBetween,
  windowBefore,
} from '../../../domain/growth.ts'
import type { Point } from '../../../domain/measurement.ts'

/** What the columns of a baseline are named after. */
const BASELINE_NAMES: Readonly<Record<GrowthBaseline, string>> = { FIRST_IN_WINDOW: 'first', AT_WINDOW_START: 'start' }

/** The prefix of the `account` table's columns for one kind of growth: `_at`, `_count` and `_percent` follow. */
export function growthColumn({ window, baseline }: GrowthKind): string {
  return `${window.toLowerCase()}_${BASELINE_NAMES[baseline]}`
}

const ALL_KINDS: readonly GrowthKind[] = GROWTH_WINDOWS.flatMap(window =>
  GROWTH_BASELINES.map(baseline => ({ window, baseline })),
)

/** What is selected of an account, from `account a`; `as_of` is of the same state as the rest of the row. */
export const ACCOUNT_COLUMNS = accountColumns(ALL_KINDS)

/** The same, of which no other growth can be told than these. */
export function accountColumns(kinds: readonly GrowthKind[]): string {
  return [
    'a.account_id',
    'a.measured_at',
    'a.subscriber_count',
    '(SELECT names FROM category_set WHERE id = a.category_set) AS names',
    '(SELECT as_of FROM dataset) AS as_of',
    ...kinds.map(growthColumn).flatMap(name => [`a.${name}_at`, `a.${name}_count`]),
  ].join(', ')
}

export interface AccountRow {
  readonly account_id: string
  readonly measured_at: number
  readonly subscriber_count: number
  readonly names: string
  readonly as_of: number
  readonly [baselineColumn: string]: number | string | null
}

/** An account as selected; its categories and growth are unpacked when somebody looks. */
export class SelectedAccount implements Account {
  readonly accountId: string
  readonly newest: Point
  /** All that it is made of: what can be sent to another process. */
  readonly row: AccountRow

  constructor(row: AccountRow) {
    this.accountId = row.account_id
    this.newest = { measuredAt: row.measured_at, subscriberCount: row.subscriber_count }
    this.row = row
  }

  get categories(): readonly string[] {
    return JSON.parse(this.row.names) as string[]
  }

  growth(kind: GrowthKind): Growth {
    const name = growthColumn(kind)
    const measuredAt = this.row[`${name}_at`] as number | null | undefined
    if (measuredAt === undefined) throw new Error(`${name} was not selected`)
    const from = measuredAt === null ? null : { measuredAt, subscriberCount: this.row[`${name}_count`] as number }
    return growthBetween(kind, opensAt(this.row.as_of, kind), from, this.newest)
  }
}

let lastAsOf = Number.NaN
const lastOpens = new Map<string, number>()

/** When a window opened. `asOf` changes with an ingestion only, so calendar arithmetic is done once for each. */
function opensAt(asOf: number, { window }: GrowthKind): number {
  if (asOf !== lastAsOf) lastOpens.clear()
  lastAsOf = asOf
  const found = lastOpens.get(window)
  if (found !== undefined) return found
  const opens = windowBefore(asOf, window)
  lastOpens.set(window, opens)
  return opens
}
