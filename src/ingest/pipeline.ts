import type { FileHandle } from 'node:fs/promises'
import { Refusal, type UserError } from '../domain/errors.ts'
import type { Ingestion, IngestionIdentity, IngestionProgress, RejectedRow } from '../domain/ingestion.ts'
import type { Load, Loader } from '../domain/store.ts'
import { type Declared, type DeclaredLimits, requireWithin } from './declared.ts'
import { decode } from './decode.ts'
import { type HashedFile, openDrop, requireUnchanged } from './drop.ts'
import { inspect } from './inspect.ts'
import { Normaliser } from './normalise/rows.ts'

/** What the pipeline is told, and whom it tells. */
export interface IngestionJob {
  readonly file: HashedFile
  readonly identity: IngestionIdentity
  readonly expectedSha256?: string | undefined
  /** None when absent. */
  readonly limits?: DeclaredLimits
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
export async function ingestFile(job: IngestionJob, loader: Loader): Promise<Ingestion> {
  const startedAt = Date.now()
  const load = await loader.begin(job.identity, startedAt)
  job.onStarted?.()
  const run = new Run(job, load, startedAt)
  try {
    return await run.toEnd()
  } catch (error) {
    if (error instanceof Refusal) return await run.rollBack(error.toUserError())
    await run.rollBack(INTERNAL_FAULT)
    throw error
  }
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
    const { file, expectedSha256 } = this.#job
    if (expectedSha256 !== undefined && expectedSha256 !== file.sha256) throw checksumMismatch(file.sha256)
    const { handle } = await openDrop(file.path, file.name)
    try {
      await requireUnchanged(handle, file)
      const rowsTotal = await this.#rows(handle)
      await requireUnchanged(handle, file)
      return await this.#load.commit({ rowsTotal, rowsRead: this.#rowsRead })
    } finally {
      await handle.close()
    }
  }

  rollBack(error: UserError): Promise<Ingestion> {
    return this.#load.rollBack(error, { rowsTotal: this.#rowsTotal, rowsRead: this.#rowsRead })
  }

  async #rows(handle: FileHandle): Promise<number> {
    const inspected = await inspect(handle, Number(this.#job.file.state.size))
    const { declared, kinds } = inspected
    const rowsTotal = declared.rows
    if (this.#job.limits) requireWithin(this.#job.limits, declared)
    this.#rowsTotal = rowsTotal
    this.#job.onDeclared?.(declared)
    this.#job.onProgress?.({ rowsTotal, rowsRead: 0 })
    const normaliser = new Normaliser(kinds, this.#startedAt)
    for await (const group of decode(inspected)) {
      for (const { batch, rejected, rowsRead } of normaliser.normalise(group)) {
        await this.#load.write(batch)
        await this.#reject(rejected)
        this.#rowsRead += rowsRead
        this.#job.onProgress?.({ rowsTotal, rowsRead: this.#rowsRead })
        await this.#job.pause?.()
        if (this.#job.signal?.aborted) throw cancelled()
      }
    }
    if (this.#rejected * 2 > this.#rowsRead) throw tooManyRejected(this.#rejected, this.#rowsRead)
    return rowsTotal
  }

  async #reject(rows: readonly RejectedRow[]): Promise<void> {
    if (rows.length === 0) return
    this.#rejected += rows.length
    this.#job.onRejected?.(rows)
    await this.#load.reject(rows)
  }
}

function cancelled(): Refusal {
  return new Refusal('INGESTION_CANCELLED', 'The ingestion was cancelled. Nothing was changed.')
}

function checksumMismatch(found: string): Refusal {
  const message = `The file's SHA-256 is ${found}, not the expected one. Transfer it again.`
  return new Refusal('CHECKSUM_MISMATCH', message, ['input', 'expectedSha256'])
}

function tooManyRejected(rejected: number, rows: number): Refusal {
  const message = `${rejected} of ${rows} rows were rejected, which is more than half: the file is not what it should be. See its rejections.`
  return new Refusal('TOO_MANY_REJECTED_ROWS', message)
}
