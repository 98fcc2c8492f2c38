import { AppError, isUserError, toUserError, type UserError } from '../domain/errors.ts'
import type {
  Ingestion,
  IngestionIdentity,
  IngestionProgress,
  IngestionResult,
  RejectedRow,
} from '../domain/ingestion.ts'
import type { Load, Loader } from '../domain/loader.ts'
import type { Declared, DeclaredLimits } from './declared.ts'
import type { HashedFile } from './drop.ts'
import type { ReadRows, RowsEvent } from './rows.ts'

/** What the pipeline is told, and whom it tells. */
export interface IngestionJob {
  readonly file: HashedFile
  readonly identity: IngestionIdentity
  readonly expectedSha256?: string | undefined
  /** Whether metadata that disagrees with the values refuses the file, instead of giving a warning. */
  readonly strict?: boolean | undefined
  /** None when absent. */
  readonly limits?: DeclaredLimits
  /** How the rows are read: in this thread when absent. */
  readonly readRows?: ReadRows
  /** Aborted when the ingestion is cancelled. */
  readonly signal?: AbortSignal
  /** Awaited between two batches, so that whoever runs the pipeline can do something else. */
  readonly pause?: () => Promise<void>
  /** The ledger's line is written. */
  readonly onStarted?: () => void
  /** The file's claims are known and within the limits. */
  readonly onDeclared?: (declared: Declared) => void
  readonly onProgress?: (progress: IngestionProgress) => void
  /** Sees every rejected row, not only those that the database keeps. */
  readonly onRejected?: (rows: readonly RejectedRow[]) => void
}

/**
 * One file's way in: inspect → decode → normalise → load. Its data, or else its refusal, is committed when this
 * resolves; the ledger's line tells which.
 *
 * @throws whatever is no fault of the file, after the load was rolled back
 */
export async function ingestFile(job: IngestionJob, loader: Loader): Promise<IngestionResult> {
  const startedAt = Date.now()
  const start = await loader.begin(job.identity, startedAt, job).catch(error => {
    throw job.signal?.aborted ? cancelled() : error
  })
  if (!start.load) return { ingestion: start.ingestion, alreadyIngested: start.alreadyIngested }
  job.onStarted?.()
  const run = new Run(job, start.load, startedAt)
  try {
    return { ingestion: await run.toEnd(), alreadyIngested: false }
  } catch (error) {
    const told = isUserError(error) ? toUserError(error) : INTERNAL_FAULT
    const ingestion = await run.rollBack(told).catch(fault => {
      throw notEnded(fault, error)
    })
    if (isUserError(error)) return { ingestion, alreadyIngested: false }
    throw error
  }
}

/** What a person can mend comes first; of two faults of the program, neither is to be lost. */
function notEnded(fault: unknown, cause: unknown): Error {
  if (isUserError(fault)) return fault
  return new Error(`${cause}, and how it ended could not be written: ${fault}`, { cause })
}

const INTERNAL_FAULT: UserError = {
  code: 'INGESTION_INTERRUPTED',
  field: null,
  message: 'The ingestion was stopped by a fault of the program, which its log describes. Nothing was changed.',
}

class Run {
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

  async toEnd(): Promise<Ingestion> {
    const { file, limits, strict = false, onRejected } = this.#job
    // Whoever reads in another thread need not load the decoder here.
    const read = this.#job.readRows ?? (await import('./rows.ts')).readRows
    const request = { file, ingestedAt: this.#startedAt, limits, strict, spellAllRejected: onRejected !== undefined }
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

  #declare(declared: Declared): void {
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
  const message = `${rejected} of ${rows} rows were rejected, which is more than half: the file is not what it should be. See its rejections.`
  return new AppError('TOO_MANY_REJECTED_ROWS', message)
}
