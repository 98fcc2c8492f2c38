import type { AccountFilter, AccountOrder } from './account.ts'
import { DEFAULT_GROWTH, type GrowthKind } from './growth.ts'

export const EXPORT_FORMATS = ['csv', 'ndjson', 'parquet'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** A list of accounts to write to a file. */
export interface ExportRequest {
  readonly filter: AccountFilter
  readonly order: AccountOrder
  readonly format: ExportFormat
  /** The file to create. It must not exist. */
  readonly path: string
  readonly maxBytes: number
}

/** A finished export, and the `asOf` of the snapshot that it was read from. */
export interface ExportSummary {
  readonly rows: number
  readonly bytes: number
  /** Lower-case hex. */
  readonly sha256: string
  readonly asOf: number | null
}

export interface ExportOptions {
  /** Aborted when the client no longer wants the file. */
  readonly signal?: AbortSignal
  /** Called from time to time with the number of rows written so far. */
  readonly onRows?: (rows: number) => void
}

/** Port: writes exports. */
export interface Exporter {
  /**
   * Writes a file from one snapshot of the database. When it throws, the caller removes what was written.
   *
   * @throws AppError with a read error code, DATABASE_FULL or DATABASE_READ_ONLY
   */
  export(request: ExportRequest, options?: ExportOptions): Promise<ExportSummary>
}

/** Returns the growth that an exported list shows: that of its order, else of its filter, else the default. */
export function exportedGrowth(filter: AccountFilter, order: AccountOrder): GrowthKind {
  if ('growth' in order) return order.growth
  return filter.growth ? { window: filter.growth.window, baseline: filter.growth.baseline } : DEFAULT_GROWTH
}
