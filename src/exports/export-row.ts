import type { Account } from '../domain/account.ts'
import type { GrowthKind } from '../domain/growth.ts'

/**
 * A row of an export, with the names of its columns. The first four columns are those of an input file, so that a Parquet
 * export can be ingested. Instants are in milliseconds since 1970 UTC.
 */
export interface ExportRow {
  readonly account_id: string
  readonly subscriber_count: number
  readonly date: number
  readonly categories: readonly string[]
  readonly growth_window: string
  readonly growth_baseline: string
  readonly growth_opens_at: number
  readonly growth_from_date: number | null
  readonly growth_from_subscriber_count: number | null
  readonly growth_absolute: number | null
  /** In percent, unrounded. */
  readonly growth_percent: number | null
  readonly growth_unknown_reason: string | null
}

export type ColumnName = keyof ExportRow

/** The columns in their order. */
export const COLUMNS = [
  'account_id',
  'subscriber_count',
  'date',
  'categories',
  'growth_window',
  'growth_baseline',
  'growth_opens_at',
  'growth_from_date',
  'growth_from_subscriber_count',
  'growth_absolute',
  'growth_percent',
  'growth_unknown_reason',
] as const satisfies readonly ColumnName[]

export const INSTANT_COLUMNS: readonly ColumnName[] = ['date', 'growth_opens_at', 'growth_from_date']

/** Returns the row of an account with its growth of the given window and baseline. */
export function exportRow(account: Account, kind: GrowthKind): ExportRow {
  const { window, baseline, opensAt, from, absolute, percent, unknownReason } = account.growth(kind)
  return {
    account_id: account.accountId,
    subscriber_count: account.newest.subscriberCount,
    date: account.newest.measuredAt,
    categories: account.categories,
    growth_window: window,
    growth_baseline: baseline,
    growth_opens_at: opensAt,
    growth_from_date: from?.measuredAt ?? null,
    growth_from_subscriber_count: from?.subscriberCount ?? null,
    growth_absolute: absolute,
    growth_percent: percent,
    growth_unknown_reason: unknownReason,
  }
}
