import type { Account } from '../../../domain/account.ts'
import {
  GROWTH_BASELINES,
  GROWTH_WINDOWS,
  type Growth,
  type GrowthBaseline,
  type GrowthKind,
  type GrowthWindow,
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

/** `as_of` is of the same state as the rest of the row. */
const FIXED_COLUMNS = [
  'a.account_id',
  'a.measured_at',
  'a.subscriber_count',
  '(SELECT names FROM category_set WHERE id = a.category_set) AS names',
  '(SELECT as_of FROM dataset) AS as_of',
] as const

/** Selected where it is only asked whether there are rows: it is told from the index alone. */
export const NOTHING = '1'

/** What is selected of an account from `account a`, and where in a row it stands. */
export class AccountColumns {
  readonly sql: string
  readonly #positions = new Map<GrowthWindow, Partial<Record<GrowthBaseline, number>>>()

  /** @param kinds of growth that can be told of an account */
  constructor(kinds: readonly GrowthKind[]) {
    const ends = kinds.map(growthColumn).flatMap(name => [`a.${name}_at`, `a.${name}_count`])
    this.sql = [...FIXED_COLUMNS, ...ends].join(', ')
    for (const [index, { window, baseline }] of kinds.entries()) {
      const known = this.#positions.get(window)
      this.#positions.set(window, { ...known, [baseline]: FIXED_COLUMNS.length + 2 * index })
    }
  }

  /** Where the instant of a growth's baseline stands; its count follows. */
  positionOf({ window, baseline }: GrowthKind): number {
    const position = this.#positions.get(window)?.[baseline]
    if (position === undefined) throw new Error(`growth of ${window}, ${baseline} was not selected`)
    return position
  }
}

/** Read as a list: with so many columns, objects would take the driver twice as long. */
export type AccountRow = readonly [
  accountId: string,
  measuredAt: number,
  subscriberCount: number,
  names: string,
  asOf: number,
  ...baselines: (number | null)[],
]

export const ACCOUNT_COLUMNS = new AccountColumns(
  GROWTH_WINDOWS.flatMap(window => GROWTH_BASELINES.map(baseline => ({ window, baseline }))),
)

/** An account as selected; its categories and growth are unpacked when somebody looks. */
export class SelectedAccount implements Account {
  readonly accountId: string
  readonly newest: Point
  /** All that it is made of: what can be sent to another process. */
  readonly row: AccountRow
  readonly #columns: AccountColumns
  #categories: readonly string[] | undefined

  constructor(row: AccountRow, columns: AccountColumns = ACCOUNT_COLUMNS) {
    this.accountId = row[0]
    this.newest = { measuredAt: row[1], subscriberCount: row[2] }
    this.row = row
    this.#columns = columns
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
    return growthBetween(kind, opensAt(row[4], kind), from, this.newest)
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
