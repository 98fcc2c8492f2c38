import type { UserError } from './errors.ts'

export const REJECTION_REASONS = [
  'INVALID_ACCOUNT_ID',
  'INVALID_TIMESTAMP',
  'TIMESTAMP_OUT_OF_RANGE',
  'INVALID_SUBSCRIBER_COUNT',
  'INVALID_CATEGORIES',
] as const
export type RejectionReason = (typeof REJECTION_REASONS)[number]

/** The number of rejected rows that the database keeps per ingestion. The counts per reason are always exact. */
export const KEPT_REJECTED_ROWS = 1000

export interface RejectedRow {
  /** Position in the file, from 1. */
  readonly rowNumber: number
  readonly reason: RejectionReason
  readonly column: string
  /** The four columns as found in the file, before normalisation, as JSON. */
  readonly row: string
}

export const INGESTION_WARNING_CODES = ['STATISTICS_DISAGREE', 'SIZE_DISAGREES', 'TRAILING_BYTES'] as const
export type IngestionWarningCode = (typeof INGESTION_WARNING_CODES)[number]

/** Metadata of a file that disagrees with the file's values. It describes the values and does not decide them. */
export interface IngestionWarning {
  readonly code: IngestionWarningCode
  /** The column that the metadata describes; null for the whole file. */
  readonly column: string | null
  readonly message: string
}

/** Rejected rows of a part of a file: the exact counts by reason, and the rows that are kept or reported. */
export interface RejectedBatch {
  readonly counts: ReadonlyMap<RejectionReason, number>
  readonly rows: readonly RejectedRow[]
}

export interface RejectionCount {
  readonly reason: RejectionReason
  readonly count: number
}

export type IngestionStatus = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'REVERTED'

/** What is known of an ingestion before its file is decoded. */
export interface IngestionIdentity {
  readonly id: string
  readonly fileName: string
  /** SHA-256 of the decoded bytes in lower-case hex. */
  readonly sha256: string
  readonly fileSize: number
  readonly dryRun: boolean
  readonly queuedAt: number
  readonly programVersion: string
}

/** An entry of the ledger. Rules: docs/rules.md, "The ledger". */
export interface Ingestion extends IngestionIdentity {
  readonly status: IngestionStatus
  readonly startedAt: number | null
  readonly finishedAt: number | null
  readonly rowsTotal: number | null
  readonly rowsRead: number
  readonly inserted: number
  readonly corrected: number
  readonly unchanged: number
  readonly rejected: number
  readonly rejections: readonly RejectionCount[]
  readonly accountsCreated: number
  readonly firstMeasuredAt: number | null
  readonly lastMeasuredAt: number | null
  readonly warnings: readonly IngestionWarning[]
  readonly error: UserError | null
}

export interface IngestionProgress {
  readonly rowsTotal: number
  readonly rowsRead: number
}

/** The ingestion of a file, or the earlier ingestion of the same bytes. */
export interface IngestionResult {
  readonly ingestion: Ingestion
  readonly alreadyIngested: boolean
}

/** Returns a SHA-256 in lower-case hex, or undefined when `text` is not one. Accepts white space around it and upper case. */
export function parseSha256(text: string): string | undefined {
  const digest = text.trim().toLowerCase()
  return /^[0-9a-f]{64}$/.test(digest) ? digest : undefined
}

/** Whether a file has the SHA-256 that the client announced, if it announced one. Both are lower-case hex. */
export function isExpectedSha256(sha256: string, expectedSha256: string | undefined): boolean {
  return expectedSha256 === undefined || expectedSha256 === sha256
}

/** The status of an ingestion that ended with an error. */
export function statusAfter({ code }: UserError): 'FAILED' | 'CANCELLED' {
  return code === 'INGESTION_CANCELLED' ? 'CANCELLED' : 'FAILED'
}

/** The ingestion that is running, and the number of queued ones. */
export interface QueueStatus {
  readonly running: Ingestion | undefined
  readonly queued: number
}

/** Returns an ingestion in its first state, QUEUED. */
export function queuedIngestion(identity: IngestionIdentity): Ingestion {
  return {
    ...identity,
    status: 'QUEUED',
    startedAt: null,
    finishedAt: null,
    rowsTotal: null,
    rowsRead: 0,
    inserted: 0,
    corrected: 0,
    unchanged: 0,
    rejected: 0,
    rejections: [],
    accountsCreated: 0,
    firstMeasuredAt: null,
    lastMeasuredAt: null,
    warnings: [],
    error: null,
  }
}

/** Returns the rows per second so far, or of the whole ingestion; null before the first row. `now` is in milliseconds. */
export function rowsPerSecond(ingestion: Ingestion, now: number): number | null {
  if (ingestion.startedAt === null || ingestion.rowsRead === 0) return null
  const seconds = ((ingestion.finishedAt ?? now) - ingestion.startedAt) / 1000
  return ingestion.rowsRead / Math.max(seconds, 0.001)
}

/** Returns the seconds until a running ingestion has read all rows at its current rate; null when unknown. */
export function secondsLeft(ingestion: Ingestion, now: number): number | null {
  const rate = rowsPerSecond(ingestion, now)
  if (ingestion.status !== 'RUNNING' || ingestion.rowsTotal === null || rate === null) return null
  return (ingestion.rowsTotal - ingestion.rowsRead) / rate
}
