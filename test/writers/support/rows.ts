/** The rows that every writer writes, and what docs/rules.md makes of them. */
import { idOf } from '../../support/parquet/columns.ts'

export interface WrittenRow {
  readonly accountId: string
  readonly subscriberCount: number
  readonly measuredAt: number
  /** Null for a null cell. */
  readonly categories: readonly string[] | null
}

/** Enough for several data pages and row groups in the files of the tests. */
const ROWS = 3_000
const START = Date.UTC(2024, 2, 1)
const CATEGORIES = [['Gaming'], null, ['Podcast', 'Education'], ['Gaming'], [], null, ['Investment']]

/** @param hasNulls whether every third or so of the category cells is null */
export function writtenRows(hasNulls: boolean): WrittenRow[] {
  return Array.from({ length: ROWS }, (_, i) => {
    const categories = CATEGORIES[(i * 5) % CATEGORIES.length]!
    return {
      accountId: idOf((i % 700) + 1),
      subscriberCount: 1_000 + ((i * 7_919) % 1_000_003),
      measuredAt: START + i * 61_001,
      categories: categories ?? (hasNulls ? null : []),
    }
  })
}

/** The `categories` cell of a text column. */
export function categoriesText({ categories }: WrittenRow): string | null {
  return categories?.join(';') ?? null
}
