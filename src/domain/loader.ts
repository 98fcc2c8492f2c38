import type { UserError } from './errors.ts'
import type { Ingestion, IngestionIdentity, IngestionResult, IngestionWarning, RejectedBatch } from './ingestion.ts'
import type { MeasurementBatch } from './measurement.ts'

/** Port: writes to the database, one file at a time. */
export interface Loader {
  /**
   * Reverts the newest SUCCEEDED ingestion exactly.
   *
   * @param onStart called before anything changes, with the number of rows that the reversal may have to read
   * @throws AppError NOT_FOUND, NOT_LATEST_INGESTION
   */
  revert(id: string, onStart?: (rows: number) => void): Promise<Ingestion>
  /**
   * Acquires the write lock, commits the ledger entry as RUNNING, and opens the transaction of the file. A file that is
   * not loaded has already ended when this resolves: for bytes that SUCCEEDED before it returns that ingestion, and for
   * bytes with another SHA-256 than `expectedSha256` a new one, FAILED with CHECKSUM_MISMATCH.
   *
   * @throws AppError DATABASE_BUSY, DATABASE_FULL, DATABASE_READ_ONLY
   * @throws AbortError when `signal` is aborted while it waits for the lock
   */
  begin(identity: IngestionIdentity, startedAt: number, options?: BeginOptions): Promise<LoadStart>
}

export interface BeginOptions {
  /** Lower-case hex. */
  readonly expectedSha256?: string | undefined
  readonly signal?: AbortSignal | undefined
}

export type LoadStart = { readonly load: Load } | ({ readonly load: null } & IngestionResult)

/** The transaction of one file. It ends with `commit` or `rollBack`. */
export interface Load {
  /** Compares rows with the stored measurements in the order in which they are written: docs/rules.md, rule 3. */
  write(batch: MeasurementBatch): Promise<void>
  /** Adds to the counts, and keeps the first 1,000 rows of the ingestion. */
  reject(rejected: RejectedBatch): Promise<void>
  /** Adds warnings. The ledger keeps them however the ingestion ends. */
  warn(warnings: readonly IngestionWarning[]): Promise<void>
  /** Refreshes all derived data, sets SUCCEEDED, and commits. */
  commit(rows: { readonly rowsTotal: number; readonly rowsRead: number }): Promise<Ingestion>
  /** Rolls back, then commits the ledger entry with the error and the rejected rows. */
  rollBack(error: UserError, rows: { readonly rowsTotal: number | null; readonly rowsRead: number }): Promise<Ingestion>
}
