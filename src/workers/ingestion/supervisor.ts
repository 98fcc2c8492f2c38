import { LRUCache } from 'lru-cache'
import PQueue from 'p-queue'
import { isUserError, toUserError, type UserError } from '../../domain/errors.ts'
import {
  type Ingestion,
  type IngestionResult,
  isExpectedSha256,
  type QueueStatus,
  statusAfter,
} from '../../domain/ingestion.ts'
import type { IngestOutcome, Ingestor, IngestRequest, LedgerOutcome } from '../../domain/ingestor.ts'
import { ChildWorker, type RunOptions, WorkerExit } from '../child-worker.ts'
import { FileIntake, type FileIntakeOptions } from './file-intake.ts'
import {
  blameField,
  CANCELLED,
  NOT_FOUND,
  notCancellable,
  queueFull,
  REVERSAL_STOPPED,
  STOPPING,
} from './ingestion-errors.ts'
import { exitError, type IngestionLimits, timeLimitMs } from './ingestion-limits.ts'
import type { IngestionCommand, IngestionEvent, IngestionSettings } from './ingestion-process.ts'
import { IngestionJob, type IngestionListener } from './job.ts'

export interface SupervisorOptions extends FileIntakeOptions {
  readonly process: IngestionSettings
  readonly limits: IngestionLimits
  /** How many ingestions may be queued behind the one that runs. */
  readonly maxQueued: number
  readonly programVersion: string
  readonly ledger: LedgerReader
  /** Writes the end of an ingestion whose process exited, unless another program holds the write lock. */
  readonly endInterrupted: (known: { readonly id: string; readonly error: UserError }) => Promise<void>
  /** Called when a command waits for another program that writes. */
  readonly onWaiting?: () => void
  /** Receives log messages about failures that are not reported to a client. */
  readonly onError?: (message: string) => void
  /** Called once for each file, when it is refused or its ingestion has ended. */
  readonly onEnded?: (outcome: IngestOutcome) => void
}

interface LedgerReader {
  ingestion(id: string): Promise<Ingestion | null>
  /** Returns the SUCCEEDED ingestion of these bytes, if there is one. */
  findIngested(sha256: string): Promise<Ingestion | null>
}

/** How long a cancelled ingestion may take to roll back before its process is killed. */
const CANCEL_GRACE_MS = 10_000

/** How many ingestions without a ledger entry are kept in memory after they have ended. */
const MAX_UNRECORDED = 1_000

/** Queues files and reversals, and runs them one at a time in the ingestion process. */
export class IngestionSupervisor implements Ingestor {
  readonly #options: SupervisorOptions
  readonly #intake: FileIntake
  readonly #worker: ChildWorker<IngestionCommand, IngestionEvent, IngestionResult>
  readonly #queue = new PQueue({ concurrency: 1 })
  /** Queued and running. */
  readonly #jobs = new Map<string, IngestionJob>()
  /** A client that was given the id of a queued ingestion can still ask how it ended. */
  readonly #unrecorded = new LRUCache<string, Ingestion>({ max: MAX_UNRECORDED })
  /** Aborted when reversals are to stop. */
  readonly #stop = new AbortController()
  #reversals = 0

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.#intake = new FileIntake(options)
    const { maxHeapBytes, maxResidentBytes } = options.limits
    const memory = { maxHeapBytes, maxResidentBytes }
    this.#worker = new ChildWorker({ module: 'ingestion/ingestion-process', settings: options.process, ...memory })
    this.#worker.warm()
  }

  async ingest(request: IngestRequest, listener: IngestionListener = {}): Promise<IngestOutcome> {
    // Checked before the file is hashed, which may take minutes.
    if (this.#isFull) return this.#refuse(queueFull(this.#options.maxQueued))
    const accepted = await this.#intake.accept(request.file).catch(userErrorOf)
    if ('code' in accepted) return blameField(this.#refuse(accepted), request)
    const { sha256 } = accepted.file
    // A file that was damaged in transfer is refused even if its bytes are known.
    const isExpected = isExpectedSha256(sha256, request.expectedSha256)
    const earlier = isExpected ? await this.#options.ledger.findIngested(sha256) : null
    if (earlier) return this.#report({ ingestion: earlier, alreadyIngested: true, error: null })
    const same = isExpected ? [...this.#jobs.values()].find(job => job.answers(sha256, request)) : undefined
    if (!same && this.#intake.stopReason) return this.#refuse(this.#intake.stopReason)
    if (!same && this.#isFull) return this.#refuse(queueFull(this.#options.maxQueued))
    const job = same ?? new IngestionJob(accepted, request, this.#options.programVersion)
    job.listen(listener)
    const { state } = job
    // An empty queue runs the job immediately, so its listener and its state come first.
    if (!same) this.#enqueue(job)
    if (!request.wait) return { ingestion: state, alreadyIngested: false, error: null }
    return blameField(await job.outcome, request)
  }

  async cancel(id: string): Promise<LedgerOutcome> {
    const job = this.#jobs.get(id)
    if (!job) {
      const ingestion = this.inProgress(id) ?? (await this.#options.ledger.ingestion(id))
      return { ingestion, error: ingestion ? notCancellable(ingestion) : NOT_FOUND }
    }
    job.cancel()
    if (job.state.status === 'QUEUED') this.#dequeue(job, CANCELLED)
    const { ingestion, error } = await job.outcome
    const isCancelled = error?.code === 'INGESTION_CANCELLED'
    return { ingestion, error: isCancelled ? null : ingestion ? notCancellable(ingestion) : error }
  }

  async revert(id: string): Promise<LedgerOutcome> {
    if (this.#isFull) return this.#notReverted(id, queueFull(this.#options.maxQueued))
    this.#reversals++
    try {
      return await this.#queue.add(() => this.#revertNow(id))
    } finally {
      this.#reversals--
    }
  }

  inProgress(id: string): Ingestion | undefined {
    return this.#jobs.get(id)?.state ?? this.#unrecorded.get(id)
  }

  watch(id: string): AsyncIterableIterator<Ingestion> | undefined {
    return this.#jobs.get(id)?.watch()
  }

  /** The running ingestion, and how many are queued. */
  get load(): QueueStatus {
    const states = [...this.#jobs.values()].map(({ state }) => state)
    const queued = states.filter(({ status }) => status === 'QUEUED').length
    return { running: states.find(({ status }) => status === 'RUNNING'), queued }
  }

  /** Takes no more files and cancels the queued ones. Resolves when the running ingestion has ended. */
  async drain(): Promise<void> {
    this.#intake.stop(STOPPING)
    const queued = [...this.#jobs.values()].filter(({ state }) => state.status === 'QUEUED')
    for (const job of queued) this.#dequeue(job, STOPPING)
    await this.#queue.onIdle()
  }

  /** Takes no more files, waits for the queued and running ones, then ends the process. */
  async close(): Promise<void> {
    this.#intake.stop(STOPPING)
    await this.#queue.onIdle()
    await this.#worker.close()
  }

  /** Cancels all files and reversals, then closes. */
  async abort(): Promise<void> {
    this.#intake.stop(CANCELLED)
    this.#stop.abort()
    await Promise.all([...this.#jobs.keys()].map(id => this.cancel(id).catch(() => {})))
    await this.close()
  }

  get #isFull(): boolean {
    return this.#jobs.size + this.#intake.count + this.#reversals > this.#options.maxQueued
  }

  #enqueue(job: IngestionJob): void {
    this.#jobs.set(job.identity.id, job)
    this.#queue.add(() => this.#runJob(job)).catch(error => this.#options.onError?.(String(error)))
  }

  #dequeue(job: IngestionJob, error: UserError): void {
    this.#jobs.delete(job.identity.id)
    job.end(this.#report(this.#endUnrecorded(job, error)))
  }

  async #runJob(job: IngestionJob): Promise<void> {
    // A job that was cancelled in the queue still gets its turn.
    if (!this.#jobs.has(job.identity.id)) return
    try {
      job.change({ status: 'RUNNING', startedAt: Date.now() })
      job.end(this.#report(await this.#ingestNow(job)))
    } catch (error) {
      this.#report({ ingestion: null, alreadyIngested: false, error: null })
      job.fail(error, await this.#options.ledger.ingestion(job.identity.id).catch(() => null))
    } finally {
      this.#jobs.delete(job.identity.id)
    }
  }

  async #ingestNow(job: IngestionJob): Promise<IngestOutcome> {
    const cancelling = { signal: job.signal, abortGraceMs: CANCEL_GRACE_MS }
    try {
      const options = { ...this.#runOptions(event => job.onEvent(event)), ...cancelling }
      const { ingestion, alreadyIngested } = await this.#worker.run(job.command, options)
      if (alreadyIngested) this.#unrecorded.set(job.identity.id, ingestion)
      return { ingestion, alreadyIngested, error: ingestion.error }
    } catch (error) {
      if (error instanceof WorkerExit) return this.#endAfterExit(job, error)
      return this.#endUnrecorded(job, userErrorOf(error))
    }
  }

  /** Ends an ingestion whose process exited. The ledger decides how: the process may have committed before it exited. */
  async #endAfterExit(job: IngestionJob, exit: WorkerExit): Promise<IngestOutcome> {
    const { ledger, endInterrupted, onError } = this.#options
    const { id, fileName } = job.identity
    const error = exitError('ingest', exit)
    onError?.(`The ingestion process ended during the ingestion of ${fileName} (${exit.message}): ${error.code}.`)
    // A process that exited before its turn to write has left no entry. An entry that cannot be ended now is ended by the
    // next process that writes.
    if (await ledger.ingestion(id)) await endInterrupted({ id, error }).catch(fault => onError?.(String(fault)))
    const ingestion = await ledger.ingestion(id)
    if (!ingestion || ingestion.status === 'RUNNING') return this.#endUnrecorded(job, error)
    return { ingestion, alreadyIngested: false, error: ingestion.error }
  }

  #endUnrecorded(job: IngestionJob, error: UserError): IngestOutcome {
    const ingestion: Ingestion = { ...job.state, status: statusAfter(error), finishedAt: Date.now(), error }
    this.#unrecorded.set(job.identity.id, ingestion)
    return { ingestion, alreadyIngested: false, error }
  }

  async #revertNow(id: string): Promise<LedgerOutcome> {
    if (this.#intake.stopReason) return this.#notReverted(id, REVERSAL_STOPPED)
    try {
      const options = { ...this.#runOptions(), signal: this.#stop.signal }
      const { ingestion } = await this.#worker.run({ type: 'revert', id }, options)
      return { ingestion, error: null }
    } catch (exit) {
      if (!(exit instanceof WorkerExit)) return this.#notReverted(id, userErrorOf(exit))
      const error = exitError('revert', exit)
      this.#options.onError?.(`The ingestion process ended during a reversal (${exit.message}): ${error.code}.`)
      const outcome = await this.#notReverted(id, error)
      // The process may have committed everything before it exited.
      return outcome.ingestion?.status === 'REVERTED' ? { ...outcome, error: null } : outcome
    }
  }

  async #notReverted(id: string, error: UserError): Promise<LedgerOutcome> {
    return { ingestion: await this.#options.ledger.ingestion(id), error }
  }

  #runOptions(onEvent: (event: IngestionEvent) => void = () => {}): RunOptions<IngestionEvent> {
    const { limits, process } = this.#options
    return {
      onEvent: event => (event.type === 'waiting' ? this.#options.onWaiting?.() : onEvent(event)),
      timeLimitMs: event => timeLimitMs(limits, process.waitMs, event),
    }
  }

  #refuse(error: UserError): IngestOutcome {
    return this.#report({ ingestion: null, alreadyIngested: false, error })
  }

  #report(outcome: IngestOutcome): IngestOutcome {
    this.#options.onEnded?.(outcome)
    return outcome
  }
}

/** @throws the error itself if no client can correct it */
function userErrorOf(error: unknown): UserError {
  if (isUserError(error)) return toUserError(error)
  throw error
}
