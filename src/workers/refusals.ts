import { isFileErrorCode, type UserError } from '../domain/errors.ts'
import type { Ingestion } from '../domain/ingestion.ts'
import type { IngestOutcome, IngestRequest } from '../domain/ingestor.ts'
import { resourceLimit } from './guard.ts'
import { type Died, hasRunOutOfMemory } from './warm-process.ts'

/* What is said of an ingestion that did not come to its own end. */

const DIED: UserError = {
  code: 'INGESTION_INTERRUPTED',
  field: null,
  message: 'The ingestion process died before it was done. Nothing was changed; send the file again.',
}

const NOT_STARTED: UserError = {
  code: 'INGESTION_INTERRUPTED',
  field: null,
  message:
    'The ingestion process could not be started: the machine has no room for another one. Nothing was changed; send the file again later.',
}

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

/** Why an ingestion process died that nobody killed. */
export function causeOf(death: Died): UserError {
  if (!death.hasStarted) return NOT_STARTED
  return hasRunOutOfMemory(death) ? outOfMemory('ingest') : DIED
}

/** The same of one that was to revert an ingestion. */
export function causeOfUnreverted(death: Died): UserError {
  if (!death.hasStarted) return unreverted('The process for it could not be started: the machine has no room for one.')
  return hasRunOutOfMemory(death) ? outOfMemory('revert') : unreverted('Its process died before it was done.')
}

export const REVERSAL_STOPPED = unreverted('The server is stopping.')

function unreverted(why: string): UserError {
  const message = `The ingestion was not reverted. ${why} Nothing was changed; revert it again.`
  return { code: 'INGESTION_INTERRUPTED', field: null, message }
}

function outOfMemory(work: 'ingest' | 'revert'): UserError {
  return resourceLimit(work, 'more memory than an ingestion may use', 'INGEST_MAX_MEMORY_MB')
}

export const NOT_FOUND: UserError = {
  code: 'NOT_FOUND',
  field: ['input', 'id'],
  message: 'There is no such ingestion. Take its id from the ledger.',
}

export function notCancellable({ status }: Ingestion): UserError {
  const message = `The ingestion is ${status} already. Only one that is queued or running can be cancelled.`
  return { code: 'NOT_CANCELLABLE', field: ['input', 'id'], message }
}

/** The outcome for the one who named the file: what is wrong with the file is the fault of the argument that names it. */
export function blamed(outcome: IngestOutcome, { file }: IngestRequest): IngestOutcome {
  const { error } = outcome
  if (typeof file !== 'string' || error === null || error.field !== null || !isFileErrorCode(error.code)) return outcome
  return { ...outcome, error: { ...error, field: ['input', 'file'] } }
}

export function queueFull(maxQueued: number): UserError {
  const message = `${maxQueued} ingestions are queued already. Try again when some are done.`
  return { code: 'QUEUE_FULL', field: null, message }
}
