import type { Account, AccountFilter, AccountOrder, AccountPosition, Category } from './account.ts'
import type { GrowthCoverage, GrowthKind } from './growth.ts'
import type { Ingestion, RejectedRow } from './ingestion.ts'
import type { Measurement, Point, TimeRange } from './measurement.ts'
import type { Page, PageRequest } from './page.ts'

/** Figures over all data, except where a field counts tracked accounts only. */
export interface Dataset {
  readonly asOf: number | null
  readonly firstMeasuredAt: number | null
  readonly measurementCount: number
  /** Tracked accounts only. */
  readonly accountCount: number
  readonly lastIngestionId: string | null
}

/**
 * Port: reads from the database. Accounts and their measurements are those of tracked accounts (docs/rules.md, rule 2).
 * Each method reads from one snapshot of the database.
 *
 * Every method throws AppError: a read error code when the server stops the read, a database error code when the file
 * cannot be read.
 */
export interface Reader {
  account(accountId: string): Promise<Account | null>
  accounts(filter: AccountFilter, order: AccountOrder, page: PageRequest<AccountPosition>): Promise<Page<Account>>
  countAccounts(filter: AccountFilter): Promise<number>
  /** Returns measurements oldest first. A position is an instant. */
  measurements(accountId: string, range: TimeRange, page: PageRequest<number>): Promise<Page<Measurement>>
  countMeasurements(accountId: string, range: TimeRange): Promise<number>
  measurement(accountId: string, measuredAt: number): Promise<Measurement | null>
  /** Returns the categories of tracked accounts, by lower-case name. */
  categories(): Promise<readonly Category[]>
  dataset(): Promise<Dataset>
  growthCoverage(kind: GrowthKind): Promise<GrowthCoverage>
  /** Returns the account's points in `range`, oldest first, and the newest point before it. */
  history(accountId: string, range: TimeRange): Promise<{ points: readonly Point[]; before: Point | null }>
  ingestion(id: string): Promise<Ingestion | null>
  /** Returns ingestions newest queued first. */
  ingestions(page: PageRequest<IngestionPosition>): Promise<Page<Ingestion>>
  countIngestions(): Promise<number>
  /** Returns the rejected rows that the database keeps, in file order. A position is a row number. */
  rejectedRows(ingestionId: string, page: PageRequest<number>): Promise<Page<RejectedRow>>
  countRejectedRows(ingestionId: string): Promise<number>
}

/** The position of an ingestion in the order of the ledger. */
export interface IngestionPosition {
  readonly queuedAt: number
  readonly id: string
}
