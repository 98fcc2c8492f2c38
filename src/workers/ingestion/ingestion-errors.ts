import { isFileErrorCode, type UserError } from '../../domain/errors.ts'
import type { Ingestion } from '../../domain/ingestion.ts'
import type { IngestOutcome, IngestRequest } from '../../domain/ingestor.ts'

/* The errors of ingestions and reversals that are refused or cancelled. */

export const CANCELLED: UserError = {
  code: 'INGESTION_CANCELLED',
  field: null,
  message: 'The ingestion was cancelled. Nothing was changed.',
}

export const STOPPING: UserError = {
  code: 'INGESTION_CANCELLED',
  field: null,
  message: 'The server is stopping, and the ingestion did not begin. Nothing was changed; send the file again.',
}

export const REVERSAL_STOPPED: UserError = {
  code: 'INGESTION_INTERRUPTED',
  field: null,
  message: 'The ingestion was not reverted because the server is stopping. Nothing was changed; revert it again.',
}

export const NOT_FOUND: UserError = {
  code: 'NOT_FOUND',
  field: ['input', 'id'],
  message: 'There is no such ingestion. Take an id from the ledger.',
}

export function notCancellable({ status }: Ingestion): UserError {
  const message = `The ingestion is ${status} already. Only a queued or running ingestion can be cancelled.`
  return { code: 'NOT_CANCELLABLE', field: ['input', 'id'], message }
}

export function queueFull(maxQueued: number): UserError {
  const message = `${maxQueued} ingestions are queued already. Try again when some of them have ended.`
  return { code: 'QUEUE_FULL', field: null, message }
}

/** Returns the outcome with `input.file` as the field at fault, if the request names the file and the file is at fault. */
export function blameField(outcome: IngestOutcome, { file }: IngestRequest): IngestOutcome {
  const { error } = outcome
  if (typeof file !== 'string' || error === null || error.field !== null || !isFileErrorCode(error.code)) return outcome
  return { ...outcome, error: { ...error, field: ['input', 'file'] } }
}
