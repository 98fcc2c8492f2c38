import { randomUUID } from 'node:crypto'
import { deserializeError, isUserError, toUserError, type UserError } from '../domain/errors.ts'
import {
  type Ingestion,
  type IngestionIdentity,
  isExpectedSha256,
  type QueueStatus,
  queuedIngestion,
  statusAfter,
} from '../domain/ingestion.ts'
import type { IngestOutcome, Ingestor, IngestRequest, LedgerOutcome } from '../domain/ingestor.ts'
import { type Arrival, type ArrivalOptions, Arrivals } from './arrivals.ts'
import { type GuardedEnd, GuardedProcess, type GuardedProcessOptions } from './guarded-process.ts'
import { type Follower, Job } from './job.ts'
import { blamed, CANCELLED, causeOf, NOT_FOUND, notCancellable, queueFull, STOPPING } from './refusals.ts'
import { Reversals } from './reversals.ts'

export interface SupervisorOptions extends ArrivalOptions, GuardedProcessOptions {
  /** How many may be queued behind the one that runs. */
  readonly maxQueued: number
  readonly programVersion: string
  /** The SUCCEEDED ingestion of these bytes, if there is one. */
  readonly findIngested: (sha256: string) => Promise<Ingestion | null>
  readonly findIngestion: (id: string) => Promise<Ingestion | null>
  /** Writes the end of an ingestion whose process died, if nobody else is writing. */
  readonly endInterrupted: (known: { readonly id: string; readonly error: UserError }) => Promise<void>
  readonly onFault?: (stack: string) => void
  /** Told of every file once, when it has been refused or its ingestion has ended. */
  readonly onEnded?: (outcome: IngestOutcome) => void
}

/** How many of those that ended without a line in the ledger are remembered while the server lives. */
const MAX_REMEMBERED = 1_000

/** Takes files one at a time, in a process of its own. */
export class IngestionSupervisor implements Ingestor {
  readonly #options: SupervisorOptions
  readonly #jobs = new Map<string, Job>()
  readonly #arrivals: Arrivals
  readonly #endedWithoutLine = new Map<string, Ingestion>()
  readonly #process: GuardedProcess
  readonly #reversals: Reversals
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.#arrivals = new Arrivals(options)
    this.#process = new GuardedProcess(options)
    this.#reversals = new Reversals({
      ...options,
      process: this.#process,
      isStopped: () => this.#arrivals.stopped !== undefined,
    })
  }

  async ingest(request: IngestRequest, follower: Follower = {}): Promise<IngestOutcome> {
    // Told before the file is read: that may take minutes.
    if (this.#isFull) return this.#refuse(queueFull(this.#options.maxQueued))
    const located = await this.#arrivals.take(request.file)
    if ('code' in located) return this.#refuse(located)
    const { sha256 } = located.file
    // A damaged transfer is refused whatever else is known of the bytes that arrived.
    const isAsExpected = isExpectedSha256(sha256, request.expectedSha256)
    const before = isAsExpected ? await this.#options.findIngested(sha256) : null
    if (before) return this.#tell({ ingestion: before, alreadyIngested: true, error: null })
    const known = isAsExpected ? this.#sameBytes(sha256, request) : undefined
    if (!known && this.#arrivals.stopped) return this.#refuse(this.#arrivals.stopped)
    if (!known && this.#isFull) return this.#refuse(queueFull(this.#options.maxQueued))
    const job = known ?? this.#enqueue(located, request)
    job.follow(follower)
    return request.wait
      ? blamed(await job.outcome, request)
      : { ingestion: job.state, alreadyIngested: false, error: null }
  }

  async cancel(id: string): Promise<LedgerOutcome> {
    const job = this.#jobs.get(id)
    if (!job) {
      const ingestion = this.inProgress(id) ?? (await this.#options.findIngestion(id))
      return { ingestion, error: ingestion ? notCancellable(ingestion) : NOT_FOUND }
    }
    job.cancel()
    if (job.state.status === 'QUEUED') this.#leaveQueue(job, CANCELLED)
    else this.#process.cancel(job.outcome)
    const { ingestion, error } = await job.outcome
    const isCancelled = error?.code === 'INGESTION_CANCELLED'
    return { ingestion, error: isCancelled ? null : ingestion ? notCancellable(ingestion) : error }
  }

  async revert(id: string): Promise<LedgerOutcome> {
    if (this.#isFull) return this.#reversals.refuse(id, queueFull(this.#options.maxQueued))
    const reverted = this.#reversals.revert(id, this.#turn)
    this.#turn = reverted.catch(() => {})
    return reverted
  }

  inProgress(id: string): Ingestion | undefined {
    return this.#jobs.get(id)?.state ?? this.#endedWithoutLine.get(id)
  }

  watch(id: string): AsyncIterableIterator<Ingestion> | undefined {
    return this.#jobs.get(id)?.watch()
  }

  /** The ingestion that runs, and how many wait for their turn. */
  get load(): QueueStatus {
    const states = [...this.#jobs.values()].map(({ state }) => state)
    const queued = states.filter(({ status }) => status === 'QUEUED').length
    return { running: states.find(({ status }) => status === 'RUNNING'), queued }
  }

  /** Begins nothing any more and cancels what waits for its turn; resolves when the one that runs has ended. */
  async drain(): Promise<void> {
    this.#arrivals.stop(STOPPING)
    const waiting = [...this.#jobs.values()].filter(({ state }) => state.status === 'QUEUED')
    for (const job of waiting) this.#leaveQueue(job, STOPPING)
    await this.#turn
  }

  /** Begins nothing any more; waits for what is queued and running, then lets the process end. */
  async close(): Promise<void> {
    this.#arrivals.stop(STOPPING)
    await this.#turn
    await this.#process.close()
  }

  /** Cancels everything that is being hashed, queued or running, then closes. */
  async abort(): Promise<void> {
    this.#arrivals.stop(CANCELLED)
    this.#reversals.stop()
    await Promise.all([...this.#jobs.keys()].map(id => this.cancel(id).catch(() => {})))
    await this.close()
  }

  get #isFull(): boolean {
    return this.#jobs.size + this.#arrivals.count + this.#reversals.count > this.#options.maxQueued
  }

  /** The job of the same bytes and options, which therefore ends as this request would. */
  #sameBytes(sha256: string, { dryRun, strict = false }: IngestRequest): Job | undefined {
    return [...this.#jobs.values()].find(
      job => job.file.sha256 === sha256 && job.state.dryRun === dryRun && job.strict === strict && job.isAsExpected,
    )
  }

  #refuse(error: UserError): IngestOutcome {
    return this.#tell({ ingestion: null, alreadyIngested: false, error })
  }

  #tell(outcome: IngestOutcome): IngestOutcome {
    this.#options.onEnded?.(outcome)
    return outcome
  }

  #enqueue({ file, fileName }: Arrival, request: IngestRequest): Job {
    const identity: IngestionIdentity = {
      id: randomUUID(),
      fileName,
      sha256: file.sha256,
      fileSize: Number(file.state.size),
      dryRun: request.dryRun,
      queuedAt: Date.now(),
      programVersion: this.#options.programVersion,
    }
    const job = new Job(file, request, identity, queuedIngestion(identity))
    this.#jobs.set(identity.id, job)
    // Whatever goes wrong, the next one has its turn.
    this.#turn = this.#turn.then(() => this.#takeTurn(job)).catch(fault => this.#options.onFault?.(String(fault)))
    return job
  }

  async #takeTurn(job: Job): Promise<void> {
    if (!this.#jobs.has(job.identity.id)) return
    try {
      job.change({ status: 'RUNNING', startedAt: Date.now() })
      job.end(this.#tell(await this.#run(job)))
    } catch (error) {
      this.#tell({ ingestion: null, alreadyIngested: false, error: null })
      job.fail(error, await this.#options.findIngestion(job.identity.id).catch(() => null))
    } finally {
      this.#jobs.delete(job.identity.id)
    }
  }

  async #run(job: Job): Promise<IngestOutcome> {
    const { file, expectedSha256, strict, identity } = job
    const command = { type: 'ingest', file, identity, expectedSha256, strict, tellRejected: job.wantsRejected } as const
    const end = await this.#process.run(command, news => job.hear(news))
    switch (end.type) {
      case 'finished': {
        const { ingestion, alreadyIngested } = end
        if (alreadyIngested) this.#remember(identity.id, ingestion)
        return { ingestion, alreadyIngested, error: ingestion.error }
      }
      case 'died':
        return this.#died(job, end)
      case 'failed': {
        const failure = deserializeError(end.error)
        if (!isUserError(failure)) throw failure
        return this.#endWithoutLine(job, toUserError(failure))
      }
    }
  }

  async #died(job: Job, death: GuardedEnd & { type: 'died' }): Promise<IngestOutcome> {
    const { how, breach } = death
    const error = breach ?? (job.isCancelled ? CANCELLED : causeOf(death))
    this.#options.onFault?.(`the ingestion process of ${job.identity.fileName} died (${how}): ${error.code}`)
    const { id } = job.identity
    // One that died while it waited has no line. What cannot be written now is left to whoever writes next.
    if (await this.#options.findIngestion(id))
      await this.#options.endInterrupted({ id, error }).catch(fault => this.#options.onFault?.(String(fault)))
    const ingestion = await this.#options.findIngestion(id)
    const isTold = ingestion !== null && ingestion.status !== 'RUNNING'
    // It may have committed everything before it died.
    return isTold ? { ingestion, alreadyIngested: false, error: ingestion.error } : this.#endWithoutLine(job, error)
  }

  /** Whoever knows its id from the queue can still ask what became of it. */
  #endWithoutLine(job: Job, error: UserError): IngestOutcome {
    const ingestion: Ingestion = { ...job.state, status: statusAfter(error), finishedAt: Date.now(), error }
    this.#remember(job.identity.id, ingestion)
    return { ingestion, alreadyIngested: false, error }
  }

  #remember(id: string, ingestion: Ingestion): void {
    const [oldest] = this.#endedWithoutLine.keys()
    if (this.#endedWithoutLine.size === MAX_REMEMBERED && oldest) this.#endedWithoutLine.delete(oldest)
    this.#endedWithoutLine.set(id, ingestion)
  }

  #leaveQueue(job: Job, error: UserError): void {
    this.#jobs.delete(job.identity.id)
    job.end(this.#tell(this.#endWithoutLine(job, error)))
  }
}
