import type { UserError } from './errors.ts'
import type { Ingestion } from './ingestion.ts'

/** A file in the data directory, or an uploaded one. */
export interface LocatedFile {
  /** Absolute, without symbolic links. */
  readonly path: string
  /** The file's name in the ledger. */
  readonly fileName: string
}

export interface IngestRequest {
  /** A path as the client wrote it, or an uploaded file, which must exist until the ingestion has ended. */
  readonly file: string | LocatedFile
  /** Whether the result is returned when the ingestion has ended, rather than as soon as it is queued. */
  readonly wait: boolean
  /** Whether the file is loaded and counted, then rolled back. */
  readonly dryRun: boolean
  /** Whether metadata that a warning would report rejects the file. False when absent. */
  readonly strict?: boolean | undefined
  /** Lower-case hex. A file whose bytes have another SHA-256 is rejected. */
  readonly expectedSha256?: string | undefined
}

/**
 * The result of a request to ingest a file. `error` repeats the ingestion's own error, with the input field at fault
 * where the request has one. `ingestion` is null for a file that was rejected before its bytes were hashed.
 */
export interface IngestOutcome {
  readonly ingestion: Ingestion | null
  readonly alreadyIngested: boolean
  readonly error: UserError | null
}

/** The result of a cancellation or a reversal: the ingestion in its new state, or why the command was rejected. */
export interface LedgerOutcome {
  readonly ingestion: Ingestion | null
  readonly error: UserError | null
}

/** Port: ingests files. Errors of a file are returned, not thrown. */
export interface Ingestor {
  ingest(request: IngestRequest): Promise<IngestOutcome>
  /** Removes an ingestion from the queue, or stops it and rolls it back. */
  cancel(id: string): Promise<LedgerOutcome>
  /** Reverts the newest SUCCEEDED ingestion. */
  revert(id: string): Promise<LedgerOutcome>
  /** Returns the current state of an ingestion that is queued or running, or that ended without a ledger entry. */
  inProgress(id: string): Ingestion | undefined
  /**
   * Returns the states of a queued or running ingestion: the current one, then the newest one each time the consumer
   * asks, up to the final one. Returns undefined when the ingestion is neither queued nor running.
   */
  watch(id: string): AsyncIterableIterator<Ingestion> | undefined
}
