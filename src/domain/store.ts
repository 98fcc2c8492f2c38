import type { Account, AccountFilter, AccountOrder, AccountPosition, Category } from './account.ts'
import type { UserError } from './errors.ts'
import type { GrowthCoverage, GrowthKind } from './growth.ts'
import type {
  Ingestion,
  IngestionIdentity,
  IngestionResult,
  IngestionWarning,
  RejectedBatch,
  RejectedRow,
} from './ingestion.ts'
import type { InstantRange, Measurement, MeasurementBatch, Point } from './measurement.ts'
import type { Page, PageRequest } from './page.ts'

/** Figures over everything in the database, of tracked accounts where it says so. */
export interface Dataset {
  readonly asOf: number | null
  readonly firstMeasuredAt: number | null
  readonly measurementCount: number
  /** Of tracked accounts. */
  readonly accountCount: number
  readonly lastIngestionId: string | null
}

/** The way out. Accounts and their measurements are those of tracked accounts only (docs/rules.md, rule 2). */
export interface Reader {
  account(accountId: string): Promise<Account | null>
  accounts(filter: AccountFilter, order: AccountOrder, page: PageRequest<AccountPosition>): Promise<Page<Account>>
  countAccounts(filter: AccountFilter): Promise<number>
  /** Oldest first; a position is an instant. */
  measurements(accountId: string, range: InstantRange, page: PageRequest<number>): Promise<Page<Measurement>>
  countMeasurements(accountId: string, range: InstantRange): Promise<number>
  measurement(accountId: string, measuredAt: number): Promise<Measurement | null>
  /** Those with a tracked account, by lower-case name. */
  categories(): Promise<readonly Category[]>
  dataset(): Promise<Dataset>
  growthCoverage(kind: GrowthKind): Promise<GrowthCoverage>
  /** The account's points in `range`, oldest first, and the newest one before it. */
  history(accountId: string, range: InstantRange): Promise<{ points: readonly Point[]; before: Point | null }>
  ingestion(id: string): Promise<Ingestion | null>
  /** Newest queued first. */
  ingestions(page: PageRequest<IngestionPosition>): Promise<Page<Ingestion>>
  countIngestions(): Promise<number>
  /** Those that are kept, in file order; a position is a row number. */
  rejectedRows(ingestionId: string, page: PageRequest<number>): Promise<Page<RejectedRow>>
  countRejectedRows(ingestionId: string): Promise<number>
}

/** Where an ingestion stands in the ledger's order. */
export interface IngestionPosition {
  readonly queuedAt: number
  readonly id: string
}

/** Writes to the database, one file at a time. */
export interface Loader {
  /**
   * Takes back the newest SUCCEEDED ingestion, exactly.
   *
   * @param onBegun told, before anything is changed, how many rows there are: it may have to look at each of them
   * @throws AppError NOT_FOUND, NOT_LATEST_INGESTION
   */
  revert(id: string, onBegun?: (rows: number) => void): Promise<Ingestion>
  /**
   * Waits for the right to write, then commits the ledger's line as RUNNING and opens the transaction that everything of
   * the file goes into. A file that is not to be loaded has ended when this resolves: bytes that have SUCCEEDED before
   * return that ingestion, and bytes with another SHA-256 than `expectedSha256` their own, FAILED as CHECKSUM_MISMATCH.
   *
   * @throws AppError DATABASE_BUSY, DATABASE_FULL, DATABASE_READ_ONLY
   */
  begin(identity: IngestionIdentity, startedAt: number, expectedSha256?: string): Promise<LoadStart>
}

export type LoadStart = { readonly load: Load } | ({ readonly load: null } & IngestionResult)

/** One file's transaction. After `commit` or `rollBack` it is over. */
export interface Load {
  /** Rows are judged in the order in which they are written: docs/rules.md, rule 3. */
  write(batch: MeasurementBatch): Promise<void>
  /** Adds up the counts; the first 1,000 rows of the ingestion are kept. */
  reject(rejected: RejectedBatch): Promise<void>
  /** Adds warnings, which are kept in the ledger however the ingestion ends. */
  warn(warnings: readonly IngestionWarning[]): Promise<void>
  /** Refreshes everything derived, writes SUCCEEDED and commits, all in one. */
  commit(rows: { readonly rowsTotal: number; readonly rowsRead: number }): Promise<Ingestion>
  /** Takes everything back, then commits the ledger's line with the error and the rejections. */
  rollBack(error: UserError, rows: { readonly rowsTotal: number | null; readonly rowsRead: number }): Promise<Ingestion>
}

/** A file that was found or stored for a request. */
export interface LocatedFile {
  /** Absolute and real. */
  readonly path: string
  /** What the ledger calls it. */
  readonly fileName: string
}

export interface IngestRequest {
  /** As the client wrote it, or where the file lies that the client sent: that must stay until the ingestion has ended. */
  readonly file: string | LocatedFile
  /** Wait for the end, or answer as soon as it is queued. */
  readonly wait: boolean
  /** Load, tell what would become of the rows, and take everything back. */
  readonly dryRun: boolean
  /** Refuse the file for metadata that a warning would otherwise report. False when absent. */
  readonly strict?: boolean | undefined
  /** Lower-case hex; the file is refused when its bytes have another. */
  readonly expectedSha256?: string | undefined
}

/**
 * `error` repeats the ingestion's own, with the field at fault where the request has one, and is the only word on a file
 * refused before its bytes were hashed.
 */
export interface IngestOutcome {
  readonly ingestion: Ingestion | null
  readonly alreadyIngested: boolean
  readonly error: UserError | null
}

/** What became of a command on an ingestion: it as it now stands, or why it was refused. */
export interface LedgerOutcome {
  readonly ingestion: Ingestion | null
  readonly error: UserError | null
}

/** Whoever takes files: never throws for a file's fault. */
export interface Ingestor {
  ingest(request: IngestRequest): Promise<IngestOutcome>
  /** Takes an ingestion out of the queue, or stops it and takes everything back. */
  cancel(id: string): Promise<LedgerOutcome>
  /** Takes back the newest SUCCEEDED ingestion. */
  revert(id: string): Promise<LedgerOutcome>
  /** An ingestion that is queued or running, or has ended without a line in the ledger, as it stands this moment. */
  inProgress(id: string): Ingestion | undefined
  /**
   * A queued or running ingestion as it stands, then its newest state whenever the consumer is ready for another, to
   * its final one; undefined when it is neither.
   */
  watch(id: string): AsyncIterableIterator<Ingestion> | undefined
}
