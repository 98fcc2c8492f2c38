import { randomUUID } from 'node:crypto'
import { Refusal, type UserError } from '../domain/errors.ts'
import { type Ingestion, queued } from '../domain/ingestion.ts'
import type { IngestOutcome, Ingestor, IngestRequest } from '../domain/store.ts'
import { type HashedFile, hashDrop } from '../ingest/drop.ts'
import { type CommandEnd, IngestionProcess } from './ingestion-process.ts'

/** A file that a request names: where it lies, and what the ledger calls it. */
export interface LocatedFile {
  readonly path: string
  readonly fileName: string
}

export interface SupervisorOptions {
  readonly databasePath: string
  readonly programVersion: string
  /** Finds the file that a request names, or refuses it. */
  readonly locate: (file: string) => Promise<LocatedFile>
  /** The SUCCEEDED ingestion of these bytes, if there is one. */
  readonly findIngested: (sha256: string) => Promise<Ingestion | null>
  /** Writes the end of an ingestion whose process died. */
  readonly markInterrupted: (id: string, error: UserError) => Promise<Ingestion | null>
  readonly onFault?: (stack: string) => void
  readonly onWaiting?: () => void
}

interface Job {
  readonly file: HashedFile
  readonly expectedSha256: string | undefined
  readonly outcome: Promise<IngestOutcome>
  state: Ingestion
  /** Told of every change of `state`. */
  readonly watchers: Set<(state: Ingestion) => void>
}

const DIED: UserError = {
  code: 'INGESTION_INTERRUPTED',
  field: null,
  message: 'The ingestion process died before it was done. Nothing was changed; send the file again.',
}

/** Takes files one at a time, each in a process of its own that is kept warm, and replaces that process when it dies. */
export class IngestionSupervisor implements Ingestor {
  readonly #options: SupervisorOptions
  readonly #jobs = new Map<string, Job>()
  #process: IngestionProcess
  #turn: Promise<void> = Promise.resolve()

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.#process = new IngestionProcess(options.databasePath)
  }

  /** @param watch told of every change while it is queued or running */
  async ingest(request: IngestRequest, watch?: (state: Ingestion) => void): Promise<IngestOutcome> {
    const located = await this.#hash(request.file)
    if ('code' in located) return { ingestion: null, alreadyIngested: false, error: located }
    const before = await this.#options.findIngested(located.file.sha256)
    if (before) return { ingestion: before, alreadyIngested: true, error: null }
    const job = this.#sameBytes(located.file.sha256) ?? this.#enqueue(located, request.expectedSha256)
    if (watch) job.watchers.add(watch)
    if (!request.wait) return { ingestion: job.state, alreadyIngested: false, error: null }
    return job.outcome
  }

  inProgress(id: string): Ingestion | undefined {
    return this.#jobs.get(id)?.state
  }

  /** Waits for what is queued and running, then lets the process end. */
  async close(): Promise<void> {
    await this.#turn
    await this.#process.close()
  }

  /** Ends the process at once; what it was loading is rolled back by SQLite. */
  abort(): void {
    this.#process.kill()
  }

  async #hash(name: string): Promise<{ file: HashedFile; fileName: string } | UserError> {
    try {
      const { path, fileName } = await this.#options.locate(name)
      return { file: await hashDrop(path, name), fileName }
    } catch (error) {
      if (error instanceof Refusal) return { ...error.toUserError(), field: ['input', 'file'] }
      throw error
    }
  }

  #sameBytes(sha256: string): Job | undefined {
    return [...this.#jobs.values()].find(job => job.file.sha256 === sha256)
  }

  #enqueue({ file, fileName }: { file: HashedFile; fileName: string }, expectedSha256: string | undefined): Job {
    const state = queued({
      id: randomUUID(),
      fileName,
      sha256: file.sha256,
      fileSize: Number(file.state.size),
      dryRun: false,
      queuedAt: Date.now(),
      programVersion: this.#options.programVersion,
    })
    const { promise, resolve, reject } = withResolvers<IngestOutcome>()
    const job: Job = { file, expectedSha256, outcome: promise, state, watchers: new Set() }
    // Nobody may be waiting; whoever does still sees the rejection.
    promise.catch(() => {})
    this.#jobs.set(state.id, job)
    this.#turn = this.#turn.then(() => this.#run(job).then(resolve, reject))
    return job
  }

  async #run(job: Job): Promise<IngestOutcome> {
    if (!this.#process.isAlive) this.#process = new IngestionProcess(this.#options.databasePath)
    const { file, expectedSha256, state: identity } = job
    change(job, { status: 'RUNNING', startedAt: Date.now() })
    try {
      const end = await this.#process.run(
        { file, expectedSha256, identity: identityOf(identity) },
        {
          onProgress: progress => change(job, progress),
          onWaiting: () => this.#options.onWaiting?.(),
        },
      )
      return await this.#outcome(job, end)
    } finally {
      this.#jobs.delete(job.state.id)
    }
  }

  async #outcome(job: Job, end: CommandEnd): Promise<IngestOutcome> {
    switch (end.type) {
      case 'finished':
        return { ingestion: end.ingestion, alreadyIngested: end.alreadyIngested, error: end.ingestion.error }
      case 'refused':
        return { ingestion: null, alreadyIngested: false, error: end.error }
      case 'died': {
        this.#options.onFault?.(`the ingestion process died: ${end.how}`)
        const ingestion = await this.#options.markInterrupted(job.state.id, DIED)
        return { ingestion, alreadyIngested: false, error: DIED }
      }
      case 'failed':
        throw new Error(end.stack)
    }
  }
}

function change(job: Job, news: Partial<Ingestion>): void {
  job.state = { ...job.state, ...news }
  for (const watch of job.watchers) watch(job.state)
}

function identityOf({ id, fileName, sha256, fileSize, dryRun, queuedAt, programVersion }: Ingestion) {
  return { id, fileName, sha256, fileSize, dryRun, queuedAt, programVersion }
}

/** Promise.withResolvers, which Node 20 lacks. */
function withResolvers<Value>() {
  let resolve!: (value: Value) => void
  let reject!: (reason: unknown) => void
  const promise = new Promise<Value>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
