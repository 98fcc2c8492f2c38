import type { ColumnKinds } from '../../../src/ingestion/columns.ts'
import type { RowGroup } from '../../../src/ingestion/decode.ts'
import { Normaliser } from '../../../src/ingestion/normalise/normaliser.ts'
import type { Column } from '../../../src/parquet/column.ts'

/** The moment of ingestion in tests of the normaliser. */
export const INGESTED_AT = Date.UTC(2024, 4, 1, 12)

export const TEXT_KINDS: ColumnKinds = {
  account_id: { kind: 'text' },
  subscriber_count: { kind: 'float' },
  date: { kind: 'text' },
  categories: { kind: 'text' },
}

/** The raw cells of one row: account id, count, date, categories. */
export type Cells = readonly [accountId: unknown, count: unknown, date: unknown, categories: unknown]

export function groupOf(rows: readonly Cells[], rowStart = 0): RowGroup {
  const column = (index: number): Column => ({ values: rows.map(row => row[index]), index: undefined })
  const cells = { account_id: column(0), subscriber_count: column(1), date: column(2), categories: column(3) }
  return { rowStart, length: rows.length, cells }
}

/** All batches of one row group. */
export function normalised(rows: readonly Cells[], kinds: ColumnKinds = TEXT_KINDS) {
  return [...new Normaliser(kinds, INGESTED_AT).normalise(groupOf(rows))]
}
