import { randomUUID } from 'node:crypto'
import { isFaultOfFile, Refusal, type UserError } from '../domain/errors.ts'
import { type Ingestion, type IngestionIdentity, type IngestionLoad, queued } from '../domain/ingestion.ts'
import type { IngestOutcome, Ingestor, IngestRequest, LedgerOutcome, LocatedFile } from '../domain/store.ts'
import { type HashedFile, hashDrop } from '../ingest/drop.ts'
import { Guard, type ProcessLimits, resourceLimit } from './guard.ts'
import { type CommandEnd, IngestionProcess } from './ingestion-process.ts'
import { type Follower, Job } from './job.ts'
import type { Command, ProcessSettings } from './messages.ts'
import { Slots } from './slots.ts'
import { type Died, hasRunOutOfMemory } from './warm-process.ts'

export interface SupervisorOptions {
  readonly process: ProcessSettings
  readonly limits: ProcessLimits
  readonly maxFileBytes: number
  /** How many may be queued behind the one that runs. */
  readonly maxQueued: number
  readonly programVersion: string
  /** Finds the file that a request names, or refuses it. */
  readonly locate: (file: string) => Promise<LocatedFile>
  /** The SUCCEEDED ingestion of these bytes, if there is one. */
  readonly findIngested: (sha256: string) => Promise<Ingestion | null>
  readonly findIngestion: (id: string) => Promise<Ingestion | null>
  /** Writes the end of an ingestion whose process died, if nobody else is writing. */
  readonly endInterrupted: (known: { readonly id: string; readonly error: UserError }) => Promise<void>
  readonly onFault?: (stack: string) => void
  /** Told of every file once, when it has been refused or its ingestion has ended. */
  readonly onEnded?: (outcome: IngestOutcome) => void
  readonly onWaiting?: () => void
}

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

const CANCELLED: UserError = {
  code: 'INGESTION_CANCELLED',
  field: null,
  message: 'The ingestion was cancelled. Nothing was changed.',
}

const STOPPING: UserError = {
  code: 'INGESTION_CANCELLED',
  field: null,
  message: 'The server is stopping, and the ingestion did not begin. Nothing was changed; send the file again.',
}

/** More would only take turns on the disk, and the cores are for queries. */
const MAX_HASHED_AT_ONCE = 2
/** How long a running ingestion may take to stop by itself. */
const CANCEL_GRACE_MS = 10_000
/** How many of those that ended without a line in the ledger are remembered while the server lives. */
const MAX_REMEMBERED = 1_000

/** Takes files one at a time, each in a process of its own that is kept warm, and replaces that process when it dies. */
export class IngestionSupervisor implements Ingestor {
  readonly #options: SupervisorOptions
  readonly #jobs = new Map<string, Job>()
  readonly #endedWithoutLine = new Map<string, Ingestion>()
  #process: IngestionProcess
  #turn: Promise<unknown> = Promise.resolve()
  #isDraining = false
  readonly #hashing = new Slots(MAX_HASHED_AT_ONCE)
  #arriving = 0

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.#process = this.#startProcess()
  }

  async ingest(request: IngestRequest, follower: Follower = {}): Promise<IngestOutcome> {
    // Told before the file is read: that may take minutes.
    if (this.#isFull) return this.#refuse(this.#queueFull())
    const located = await this.#arrive(request.file)
    if ('code' in located) return this.#refuse(located)
    const { sha256 } = located.file
    // A damaged transfer is refused whatever else is known of the bytes that arrived.
    const isAsExpected = request.expectedSha256 === undefined || request.expectedSha256 === sha256
    const before = isAsExpected ? await this.#options.findIngested(sha256) : null
    if (before) return this.#tell({ ingestion: before, alreadyIngested: true, error: null })
    const known = isAsExpected ? this.#sameBytes(sha256, request.dryRun) : undefined
    if (!known && this.#isDraining) return this.#refuse(STOPPING)
    if (!known && this.#isFull) return this.#refuse(this.#queueFull())
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
    else this.#stopRunning(job)
    const { ingestion, error } = await job.outcome
    const isCancelled = error?.code === 'INGESTION_CANCELLED'
    return { ingestion, error: isCancelled ? null : ingestion ? notCancellable(ingestion) : error }
  }

  async revert(id: string): Promise<LedgerOutcome> {
    const reverted = this.#turn.then(() => this.#command({ type: 'revert', id }))
    this.#turn = reverted.catch(() => {})
    const end = await reverted
    if (end.type === 'finished') return { ingestion: end.ingestion, error: null }
    if (end.type === 'failed') throw new Error(end.stack)
    const error = end.type === 'refused' ? end.error : causeOf(end)
    return { ingestion: await this.#options.findIngestion(id), error }
  }

  inProgress(id: string): Ingestion | undefined {
    return this.#jobs.get(id)?.state ?? this.#endedWithoutLine.get(id)
  }

  watch(id: string): AsyncIterableIterator<Ingestion> | undefined {
    return this.#jobs.get(id)?.watch()
  }

  /** The ingestion that runs, and how many wait for their turn. */
  get load(): IngestionLoad {
    const states = [...this.#jobs.values()].map(({ state }) => state)
    const queued = states.filter(({ status }) => status === 'QUEUED').length
    return { running: states.find(({ status }) => status === 'RUNNING'), queued }
  }

  /** Begins nothing any more and cancels what waits for its turn; resolves when the one that runs has ended. */
  async drain(): Promise<void> {
    this.#isDraining = true
    const waiting = [...this.#jobs.values()].filter(({ state }) => state.status === 'QUEUED')
    for (const job of waiting) this.#leaveQueue(job, STOPPING)
    await this.#turn
  }

  /** Waits for what is queued and running, then lets the process end. */
  async close(): Promise<void> {
    await this.#turn
    await this.#process.close()
  }

  /** Cancels everything that is queued or running, then closes. */
  async abort(): Promise<void> {
    await Promise.all([...this.#jobs.keys()].map(id => this.cancel(id).catch(() => {})))
    await this.close()
  }

  #startProcess(): IngestionProcess {
    return new IngestionProcess(this.#options.process, this.#options.limits.maxHeapBytes)
  }

  get #isFull(): boolean {
    return this.#jobs.size + this.#arriving > this.#options.maxQueued
  }

  /** Hashes a file, which counts as queued meanwhile. */
  async #arrive(file: IngestRequest['file']): Promise<{ file: HashedFile; fileName: string } | UserError> {
    this.#arriving++
    try {
      return await this.#hashing.run(() => this.#hash(file))
    } finally {
      this.#arriving--
    }
  }

  async #hash(file: IngestRequest['file']): Promise<{ file: HashedFile; fileName: string } | UserError> {
    const isNamed = typeof file === 'string'
    try {
      const { path, fileName } = isNamed ? await this.#options.locate(file) : file
      return { file: await hashDrop(path, isNamed ? file : fileName, this.#options.maxFileBytes), fileName }
    } catch (error) {
      if (error instanceof Refusal) return { ...error.toUserError(), field: isNamed ? ['input', 'file'] : null }
      throw error
    }
  }

  #sameBytes(sha256: string, dryRun: boolean): Job | undefined {
    return [...this.#jobs.values()].find(
      ({ file, state, isAsExpected }) => file.sha256 === sha256 && state.dryRun === dryRun && isAsExpected,
    )
  }

  #queueFull(): UserError {
    const message = `${this.#options.maxQueued} ingestions are queued already. Try again when some are done.`
    return { code: 'QUEUE_FULL', field: null, message }
  }

  #refuse(error: UserError): IngestOutcome {
    return this.#tell({ ingestion: null, alreadyIngested: false, error })
  }

  #tell(outcome: IngestOutcome): IngestOutcome {
    this.#options.onEnded?.(outcome)
    return outcome
  }

  #enqueue({ file, fileName }: { file: HashedFile; fileName: string }, request: IngestRequest): Job {
    const identity: IngestionIdentity = {
      id: randomUUID(),
      fileName,
      sha256: file.sha256,
      fileSize: Number(file.state.size),
      dryRun: request.dryRun,
      queuedAt: Date.now(),
      programVersion: this.#options.programVersion,
    }
    const job = new Job(file, request.expectedSha256, identity, queued(identity))
    this.#jobs.set(identity.id, job)
    this.#turn = this.#turn.then(() => this.#takeTurn(job))
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
    const { file, expectedSha256, identity } = job
    const end = await this.#command(
      { type: 'ingest', file, identity, expectedSha256, tellRejected: job.wantsRejected },
      job,
    )
    switch (end.type) {
      case 'finished': {
        const { ingestion, alreadyIngested } = end
        if (alreadyIngested) this.#remember(identity.id, ingestion)
        return { ingestion, alreadyIngested, error: ingestion.error }
      }
      case 'refused':
        return this.#refused(job, end.error)
      case 'died':
        return this.#died(job, end)
      case 'failed':
        throw new Error(end.stack)
    }
  }

  /** It did not begin, or could not be written to its end. Another program may have ingested the same bytes meanwhile. */
  async #refused(job: Job, error: UserError): Promise<IngestOutcome> {
    const ingestion = job.isAsExpected ? await this.#options.findIngested(job.file.sha256) : null
    if (!ingestion) return this.#endWithoutLine(job, error)
    this.#remember(job.identity.id, ingestion)
    return { ingestion, alreadyIngested: true, error: null }
  }

  async #died(job: Job, death: Died & { breach?: UserError | undefined }): Promise<IngestOutcome> {
    const { how, breach } = death
    const error = breach ?? (job.isCancelled ? CANCELLED : causeOf(death))
    this.#options.onFault?.(`the ingestion process of ${job.identity.fileName} died (${how}): ${error.code}`)
    const { id } = job.identity
    // One that died while it waited has no line. What cannot be written now is left to whoever writes next.
    if (await this.#options.findIngestion(id))
      await this.#options.endInterrupted({ id, error }).catch(fault => this.#options.onFault?.(String(fault)))
    const ingestion = await this.#options.findIngestion(id)
    const isTold = ingestion !== null && ingestion.status !== 'RUNNING'
    return isTold ? { ingestion, alreadyIngested: false, error } : this.#endWithoutLine(job, error)
  }

  /** Whoever knows its id from the queue can still ask what became of it. */
  #endWithoutLine(job: Job, error: UserError): IngestOutcome {
    const status = error.code === 'INGESTION_CANCELLED' ? 'CANCELLED' : 'FAILED'
    const ingestion: Ingestion = { ...job.state, status, finishedAt: Date.now(), error }
    this.#remember(job.identity.id, ingestion)
    return { ingestion, alreadyIngested: false, error }
  }

  #remember(id: string, ingestion: Ingestion): void {
    const [oldest] = this.#endedWithoutLine.keys()
    if (this.#endedWithoutLine.size === MAX_REMEMBERED && oldest) this.#endedWithoutLine.delete(oldest)
    this.#endedWithoutLine.set(id, ingestion)
  }

  async #command(command: Command, job?: Job): Promise<CommandEnd & { breach?: UserError | undefined }> {
    if (!this.#process.isAlive) this.#process = this.#startProcess()
    // How long a reversal takes is told by nothing beforehand.
    const guard = new Guard(this.#process, this.#options.limits, command.type === 'ingest')
    const end = await this.#process.run(command, news => {
      guard.hear(news)
      if (news.type === 'waiting') this.#options.onWaiting?.()
      else job?.hear(news)
    })
    guard.stop()
    return { ...end, breach: guard.breach }
  }

  #leaveQueue(job: Job, error: UserError): void {
    this.#jobs.delete(job.identity.id)
    job.end(this.#tell(this.#endWithoutLine(job, error)))
  }

  #stopRunning(job: Job): void {
    const running = this.#process
    running.cancel()
    const timer = setTimeout(() => running.kill(), CANCEL_GRACE_MS)
    void job.outcome.catch(() => {}).finally(() => clearTimeout(timer))
  }
}

function causeOf(death: Died): UserError {
  if (!death.hasStarted) return NOT_STARTED
  return hasRunOutOfMemory(death) ? OUT_OF_MEMORY : DIED
}

const OUT_OF_MEMORY = resourceLimit('more memory than an ingestion may use', 'INGEST_MAX_MEMORY_MB')

const NOT_FOUND: UserError = {
  code: 'NOT_FOUND',
  field: ['input', 'id'],
  message: 'There is no such ingestion. Take its id from the ledger.',
}

function notCancellable({ status }: Ingestion): UserError {
  const message = `The ingestion is ${status} already. Only one that is queued or running can be cancelled.`
  return { code: 'NOT_CANCELLABLE', field: ['input', 'id'], message }
}

/** The outcome for the one who named the file: what is wrong with the file is the fault of the argument that names it. */
function blamed(outcome: IngestOutcome, { file }: IngestRequest): IngestOutcome {
  const { error } = outcome
  if (typeof file !== 'string' || error === null || error.field !== null || !isFaultOfFile(error.code)) return outcome
  return { ...outcome, error: { ...error, field: ['input', 'file'] } }
}
