import type { UserError } from '../../domain/errors.ts'
import type { WorkerExit, WorkerExitReason } from '../child-worker.ts'
import { CANCELLED, REVERSAL_STOPPED } from './ingestion-errors.ts'
import type { IngestionCommand, IngestionEvent } from './ingestion-process.ts'

/** What the ingestion process may use before it is killed. */
export interface IngestionLimits {
  readonly maxHeapBytes: number
  readonly maxResidentBytes: number
  /** For work that does not depend on the size of the file. */
  readonly baseSeconds: number
  /** A file may take as long as it would at these rates, which even the slowest machine exceeds by far. */
  readonly slowestRowsPerSecond: number
  readonly slowestBytesPerSecond: number
}

/**
 * Returns how many milliseconds from now a command may take, or undefined to keep its deadline. Waiting for the write
 * lock costs no time. The size of the file, or of the database for a reversal, adds some.
 *
 * @param event the one that was just received; undefined when the command is sent
 */
export function timeLimitMs(limits: IngestionLimits, waitMs: number, event?: IngestionEvent): number | undefined {
  const { baseSeconds, slowestRowsPerSecond, slowestBytesPerSecond } = limits
  switch (event?.type) {
    case undefined:
    case 'started':
      return baseSeconds * 1000
    case 'waiting':
      return baseSeconds * 1000 + waitMs
    case 'reverting':
      return (baseSeconds + event.rows / slowestRowsPerSecond) * 1000
    case 'declared':
      return (baseSeconds + event.rows / slowestRowsPerSecond + event.bytes / slowestBytesPerSecond) * 1000
    case 'progress':
    case 'rejected':
      return undefined
  }
}

type Work = IngestionCommand['type']

const TOO_MUCH_MEMORY = 'took more memory than an ingestion may use'

const EXIT_ERRORS: Readonly<Record<Work, Readonly<Record<WorkerExitReason, UserError>>>> = {
  ingest: {
    ABORTED: CANCELLED,
    CRASHED: interrupted(
      'The ingestion process ended before the ingestion did. Nothing was changed; send the file again.',
    ),
    NOT_STARTED: interrupted(
      'The ingestion process could not be started because the machine has no room for it. Nothing was changed; send the file again later.',
    ),
    TIME_LIMIT: fileLimit('took more time than a file of its size may take', 'INGEST_BASE_SECONDS'),
    MEMORY_LIMIT: fileLimit(TOO_MUCH_MEMORY, 'INGEST_MAX_MEMORY_MB'),
  },
  revert: {
    ABORTED: REVERSAL_STOPPED,
    CRASHED: interrupted(
      'The process that reverted the ingestion ended too early. Nothing was changed; revert it again.',
    ),
    NOT_STARTED: interrupted(
      'The ingestion was not reverted: the process for it could not be started because the machine has no room for it. Nothing was changed; revert it again later.',
    ),
    TIME_LIMIT: reversalLimit('took more time than it may take', 'INGEST_BASE_SECONDS'),
    MEMORY_LIMIT: reversalLimit(TOO_MUCH_MEMORY, 'INGEST_MAX_MEMORY_MB'),
  },
}

/** The error of a command whose process ended before the command did. */
export function exitError(work: Work, { reason }: WorkerExit): UserError {
  return EXIT_ERRORS[work][reason]
}

function interrupted(message: string): UserError {
  return { code: 'INGESTION_INTERRUPTED', field: null, message }
}

function fileLimit(what: string, setting: string): UserError {
  const message = `The file ${what}, so its ingestion was stopped. Nothing was changed. If the file is sound, split it or raise ${setting}.`
  return { code: 'RESOURCE_LIMIT', field: null, message }
}

function reversalLimit(what: string, setting: string): UserError {
  const message = `The reversal ${what}, so it was stopped. Nothing was changed. Revert the ingestion again, or raise ${setting}.`
  return { code: 'RESOURCE_LIMIT', field: null, message }
}
