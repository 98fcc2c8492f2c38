import type { Account } from '../../../domain/account.ts'
import {
  GROWTH_BASELINES,
  GROWTH_WINDOWS,
  type Growth,
  type GrowthBaseline,
  type GrowthKind,
  type GrowthWindow,
  growthBetween,
} from '../../../domain/growth.ts'
import type { Point } from '../../../domain/measurement.ts'
import { type GrowthWindows, growthColumn, growthWindows } from '../../growth-windows.ts'

/** `as_of` is of the same state of the database as the rest of the row. */
const FIXED_COLUMNS = [
  'a.account_id',
  'a.measured_at',
  'a.subscriber_count',
  '(SELECT names FROM category_set WHERE id = a.category_set) AS names',
  '(SELECT as_of FROM dataset) AS as_of',
] as const

/** An array, because the driver takes twice as long to make objects of so many columns. Can be sent to another process. */
export type AccountRow = readonly [
  accountId: string,
  measuredAt: number,
  subscriberCount: number,
  names: string,
  asOf: number,
  ...baselines: (number | null)[],
]

/** The columns that are selected from `account a`, and where each baseline is in a row. */
export class AccountColumns {
  readonly sql: string
  readonly #positions: Partial<Record<GrowthWindow, Partial<Record<GrowthBaseline, number>>>> = {}

  /** @param kinds the growth that accounts of these columns can compute */
  constructor(kinds: readonly GrowthKind[]) {
    const baselines = kinds.map(growthColumn).flatMap(name => [`a.${name}_at`, `a.${name}_count`])
    this.sql = [...FIXED_COLUMNS, ...baselines].join(', ')
    for (const [index, { window, baseline }] of kinds.entries()) {
      this.#positions[window] = { ...this.#positions[window], [baseline]: FIXED_COLUMNS.length + 2 * index }
    }
  }

  /** The position of a baseline's instant; its count follows. */
  positionOf({ window, baseline }: GrowthKind): number {
    const position = this.#positions[window]?.[baseline]
    if (position === undefined) throw new Error(`growth of ${window}, ${baseline} was not selected`)
    return position
  }
}

export const ALL_ACCOUNT_COLUMNS = new AccountColumns(
  GROWTH_WINDOWS.flatMap(window => GROWTH_BASELINES.map(baseline => ({ window, baseline }))),
)

/** The accounts of rows that one statement returned, and so of one `asOf`. */
export function accountsOf(rows: readonly AccountRow[], columns = ALL_ACCOUNT_COLUMNS): AccountOfRow[] {
  const [first] = rows
  if (!first) return []
  const windows = growthWindows(first[4])
  return rows.map(row => new AccountOfRow(row, columns, windows))
}

/** Parses the categories and computes growth on demand. */
export class AccountOfRow implements Account {
  readonly accountId: string
  readonly newest: Point
  readonly row: AccountRow
  readonly #columns: AccountColumns
  readonly #windows: GrowthWindows
  #categories: readonly string[] | undefined

  constructor(row: AccountRow, columns: AccountColumns, windows: GrowthWindows) {
    this.accountId = row[0]
    this.newest = { measuredAt: row[1], subscriberCount: row[2] }
    this.row = row
    this.#columns = columns
    this.#windows = windows
  }

  get categories(): readonly string[] {
    this.#categories ??= JSON.parse(this.row[3]) as string[]
    return this.#categories
  }

  growth(kind: GrowthKind): Growth {
    const { row } = this
    const position = this.#columns.positionOf(kind)
    const measuredAt = row[position] as number | null
    const from = measuredAt === null ? null : { measuredAt, subscriberCount: row[position + 1] as number }
    return growthBetween(kind, this.#windows[kind.window].opensAt, from, this.newest)
  }
}
