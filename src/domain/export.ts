import type { AccountFilter, AccountOrder } from './account.ts'
import { DEFAULT_GROWTH, type GrowthKind } from './growth.ts'

export const EXPORT_FORMATS = ['csv', 'ndjson', 'parquet'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** A whole list of accounts, to be written to a file. */
export interface ExportRequest {
  readonly filter: AccountFilter
  readonly order: AccountOrder
  readonly format: ExportFormat
  /** Where there is no file yet. */
  readonly path: string
  readonly maxBytes: number
}

/** What an export holds, and the state of the database that it shows. */
export interface ExportSummary {
  readonly rows: number
  readonly bytes: number
  /** Lower-case hex. */
  readonly sha256: string
  readonly asOf: number | null
}

export interface ExportOptions {
  /** Aborted when nobody wants the file any more. */
  readonly signal?: AbortSignal
  /** Told now and then how many rows are written. */
  readonly onRows?: (rows: number) => void
}

/** Whoever writes exports. */
export interface Exporter {
  /**
   * Writes the file to its end, from one state of the database. What there is of one that fails is left to the caller.
   *
   * @throws AppError
   */
  export(request: ExportRequest, options?: ExportOptions): Promise<ExportSummary>
}

/** The growth that an exported list shows: that of its order, else that of its filter, else the usual one. */
export function growthShown(filter: AccountFilter, order: AccountOrder): GrowthKind {
  if ('growth' in order) return order.growth
  return filter.growth ? { window: filter.growth.window, baseline: filter.growth.baseline } : DEFAULT_GROWTH
}
