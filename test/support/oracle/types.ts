import type { Growth } from '../../../src/domain/growth.ts'
import type { RejectionReason } from '../../../src/domain/ingestion.ts'

/** Bytes of a BYTE_ARRAY, where a test wants text that is not UTF-8. */
export interface BytesCell {
  readonly bytes: Uint8Array
}

/** 16 bytes of the UUID logical type. */
export interface UuidCell {
  readonly uuid: Uint8Array
}

export interface TimestampCell {
  readonly timestamp: bigint
  readonly unit: 'ms' | 'us' | 'ns'
}

/** DATE: days since 1970-01-01. */
export interface DaysCell {
  readonly days: number
}

/** INT96: a Julian day and the nanoseconds of that day. */
export interface Int96Cell {
  readonly julianDay: number
  readonly nanos: bigint
}

/** DECIMAL: `decimal / 10 ** scale`. */
export interface DecimalCell {
  readonly decimal: bigint
  readonly scale: number
}

export type ListElement = string | BytesCell | null

/** A value as found in a Parquet file, before any rule is applied. Integers are bigints or whole numbers. */
export type Cell =
  | null
  | string
  | number
  | bigint
  | BytesCell
  | UuidCell
  | TimestampCell
  | DaysCell
  | Int96Cell
  | DecimalCell
  | readonly ListElement[]

export interface RawRow {
  readonly account_id: Cell
  readonly date: Cell
  readonly subscriber_count: Cell
  readonly categories: Cell
}

export type Column = keyof RawRow

/** Only the reasons that occurred. */
export type RejectionCounts = Partial<Record<RejectionReason, number>>

/** The result of a file, as in the ledger. `rowsRead = inserted + corrected + unchanged + rejected`. */
export interface IngestionFigures {
  readonly rowsRead: number
  readonly inserted: number
  readonly corrected: number
  readonly unchanged: number
  readonly rejected: number
  readonly rejections: RejectionCounts
  readonly accountsCreated: number
  /** Over the accepted rows of the file, the unchanged ones too. */
  readonly firstMeasuredAt: number | null
  readonly lastMeasuredAt: number | null
}

/** A tracked account, with the one kind of growth that was asked for. */
export interface OracleAccount {
  readonly accountId: string
  readonly subscriberCount: number
  readonly measuredAt: number
  readonly categories: readonly string[]
  readonly growth: Growth
}

export interface OracleDataset {
  readonly asOf: number | null
  readonly firstMeasuredAt: number | null
  /** Of tracked accounts. */
  readonly accountCount: number
  readonly measurementCount: number
}
