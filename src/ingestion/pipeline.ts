import { AppError, isUserError, toUserError, type UserError } from '../domain/errors.ts'
import type {
  Ingestion,
  IngestionIdentity,
  IngestionProgress,
  IngestionResult,
  RejectedRow,
} from '../domain/ingestion.ts'
import type { Load, Loader } from '../domain/loader.ts'
import type { HashedFile } from './input-file.ts'
import type { ReadRows, RowsEvent } from './read-rows.ts'
import type { DeclaredSize, ResourceLimits } from './resource-limits.ts'

/** The input of one ingestion, and the callbacks that follow it. */
export interface IngestionJob {
  readonly file: HashedFile
  readonly identity: IngestionIdentity
  readonly expectedSha256?: string | undefined
  /** Whether metadata that disagrees with the values refuses the file, instead of giving a warning. */
  readonly strict?: boolean | undefined
  /** No limits when absent. */
  readonly limits?: ResourceLimits
  /** Reads the rows; in this thread when absent. */
  readonly readRows?: ReadRows
  /** Aborted when the ingestion is cancelled. */
  readonly signal?: AbortSignal
  /** Awaited between two batches, so that the process can handle messages. */
  readonly pause?: () => Promise<void>
  /** Called when the ledger entry is committed as RUNNING. */
  readonly onStarted?: () => void
  /** Called when the declared size is known and within the limits. */
  readonly onDeclared?: (declared: DeclaredSize) => void
  readonly onProgress?: (progress: IngestionProgress) => void
  /** Receives all rejected rows, not only those that the database keeps. */
  readonly onRejected?: (rows: readonly RejectedRow[]) => void
}

/**
 * Ingests one file: inspects, decodes, normalises and loads it. When the promise resolves, either all of its data or none
 * is committed; the ledger entry says which.
 *
 * @throws every error that the file is not the cause of, after the load was rolled back
 */
export async function ingestFile(job: IngestionJob, loader: Loader): Promise<IngestionResult> {
  const startedAt = Date.now()
  const start = await loader.begin(job.identity, startedAt, job).catch(error => {
    throw job.signal?.aborted ? cancelled() : error
  })
  if (!start.load) return { ingestion: start.ingestion, alreadyIngested: start.alreadyIngested }
  job.onStarted?.()
  const run = new IngestionRun(job, start.load, startedAt)
  try {
    return { ingestion: await run.complete(), alreadyIngested: false }
  } catch (error) {
    const reason = isUserError(error) ? toUserError(error) : INTERNAL_ERROR
    const ingestion = await run.rollBack(reason).catch(rollBackError => {
      throw combinedError(rollBackError, error)
    })
    if (isUserError(error)) return { ingestion, alreadyIngested: false }
    throw error
  }
}

/** Prefers the error that the operator can correct. Of two unexpected errors, both are reported. */
function combinedError(rollBackError: unknown, cause: unknown): Error {
  if (isUserError(rollBackError)) return rollBackError
  return new Error(`${cause}, and the ledger entry could not be completed: ${rollBackError}`, { cause })
}

const INTERNAL_ERROR: UserError = {
  code: 'INGESTION_INTERRUPTED',
  field: null,
  message: 'The ingestion was stopped by an internal error, which the log describes. Nothing was changed.',
}

class IngestionRun {
  readonly #job: IngestionJob
  readonly #load: Load
  readonly #startedAt: number
  #rowsTotal: number | null = null
  #rowsRead = 0
  #rejected = 0

  constructor(job: IngestionJob, load: Load, startedAt: number) {
    this.#job = job
    this.#load = load
    this.#startedAt = startedAt
  }

  async complete(): Promise<Ingestion> {
    const { file, limits, strict = false, onRejected } = this.#job
    // With a reading thread, the decoder need not be loaded in this one.
    const read = this.#job.readRows ?? (await import('./read-rows.ts')).readRows
    const request = { file, ingestedAt: this.#startedAt, limits, strict, keepAllRejected: onRejected !== undefined }
    for await (const event of read(request)) {
      if (event.type === 'declared') this.#declare(event.declared)
      else if (event.type === 'warnings') await this.#load.warn(event.warnings)
      else await this.#take(event)
      await this.#job.pause?.()
      if (this.#job.signal?.aborted) throw cancelled()
    }
    if (this.#rejected * 2 > this.#rowsRead) throw tooManyRejected(this.#rejected, this.#rowsRead)
    return await this.#load.commit({ rowsTotal: this.#rowsTotal ?? 0, rowsRead: this.#rowsRead })
  }

  rollBack(error: UserError): Promise<Ingestion> {
    return this.#load.rollBack(error, { rowsTotal: this.#rowsTotal, rowsRead: this.#rowsRead })
  }

  #declare(declared: DeclaredSize): void {
    this.#rowsTotal = declared.rows
    this.#job.onDeclared?.(declared)
    this.#job.onProgress?.({ rowsTotal: declared.rows, rowsRead: 0 })
  }

  async #take({ batch, rejected, rowsRead }: RowsEvent & { type: 'rows' }): Promise<void> {
    await this.#load.write(batch)
    await this.#load.reject(rejected)
    for (const count of rejected.counts.values()) this.#rejected += count
    if (rejected.rows.length > 0) this.#job.onRejected?.(rejected.rows)
    this.#rowsRead += rowsRead
    this.#job.onProgress?.({ rowsTotal: this.#rowsTotal ?? 0, rowsRead: this.#rowsRead })
  }
}

function cancelled(): AppError {
  return new AppError('INGESTION_CANCELLED', 'The ingestion was cancelled. Nothing was changed.')
}

function tooManyRejected(rejected: number, rows: number): AppError {
  const message = `${rejected} of ${rows} rows were rejected, which is more than half. See the ingestion's rejections, and correct the file.`
  return new AppError('TOO_MANY_REJECTED_ROWS', message)
}
