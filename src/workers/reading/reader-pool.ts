import PQueue from 'p-queue'
import { AppError, hasCode } from '../../domain/errors.ts'
import type { Exporter, ExportOptions, ExportRequest, ExportSummary } from '../../domain/exporter.ts'
import { ChildWorker, WorkerExit } from '../child-worker.ts'
import type { ReadCommand, ReadEvent, ReaderSettings, ReadResults } from './reader-process.ts'

/** What one read may use, and the settings that messages name. */
export interface ReadLimits {
  /** From the moment that the process begins with the read. */
  readonly timeoutMs: number
  readonly timeoutSetting: string
  /** Heap and resident memory of the process. */
  readonly maxMemoryBytes: number
  readonly memorySetting: string
}

export interface ReaderPoolOptions {
  readonly process: ReaderSettings
  readonly limits: ReadLimits
  /** How many reads run at the same time. */
  readonly maxProcesses: number
  /** How many reads may wait for a process. */
  readonly maxWaiting: number
  /** Receives a log message when a process crashed. */
  readonly onError?: (message: string) => void
}

export interface ReadOptions {
  /** Aborted when the client no longer waits for the result. */
  readonly signal?: AbortSignal | undefined
  /** Receives the number of exported rows from time to time. */
  readonly onRows?: ((rows: number) => void) | undefined
}

type Reader = ChildWorker<ReadCommand, ReadEvent, ReadResults[ReadCommand['type']]>

/** For a process to start and to begin with a read. */
const START_TIMEOUT_MS = 30_000

/** Runs reads in child processes: started when needed, kept for the next read, replaced when they exit. */
export class ReaderPool implements Exporter {
  readonly #options: ReaderPoolOptions
  readonly #queue: PQueue
  readonly #readers = new Set<Reader>()
  readonly #idle: Reader[] = []
  #isClosed = false

  constructor(options: ReaderPoolOptions) {
    this.#options = options
    this.#queue = new PQueue({ concurrency: options.maxProcesses })
  }

  /** Starts a process ahead of the first read. */
  warm(): this {
    this.#idle.push(this.#addReader().warm())
    return this
  }

  /**
   * Returns the result of a command once one of the processes has run it.
   *
   * @throws AppError QUERY_TIMEOUT, QUERY_MEMORY_LIMIT, QUERY_INTERRUPTED, TOO_MANY_QUERIES, DATABASE_DAMAGED
   */
  async read<Type extends ReadCommand['type']>(
    command: Extract<ReadCommand, { type: Type }>,
    options: ReadOptions = {},
  ): Promise<ReadResults[Type]> {
    const { maxProcesses, maxWaiting } = this.#options
    const { size, pending } = this.#queue
    if (this.#isClosed || options.signal?.aborted) throw interrupted()
    if (pending === maxProcesses && size >= maxWaiting) throw tooMany(size)
    // The queue's own signal would free the place of an aborted read before its process is gone.
    const waiting = new AbortController()
    const leaveQueue = () => waiting.abort(interrupted())
    options.signal?.addEventListener('abort', leaveQueue)
    const run = () => {
      options.signal?.removeEventListener('abort', leaveQueue)
      return this.#run(command, options)
    }
    // reader-process.ts returns the type of result that belongs to the type of command.
    return (await this.#queue.add(run, { signal: waiting.signal })) as ReadResults[Type]
  }

  /** @throws AppError EXPORT_TOO_LARGE, DATABASE_FULL, DATABASE_READ_ONLY, and those of `read` */
  async export(request: ExportRequest, options: ExportOptions = {}): Promise<ExportSummary> {
    try {
      return await this.read<'export'>({ type: 'export', ...request }, options)
    } catch (error) {
      if (!options.signal?.aborted || !hasCode(error, 'QUERY_INTERRUPTED')) throw error
      throw new AppError('QUERY_INTERRUPTED', 'The export was stopped before it was complete.')
    }
  }

  /** Interrupts the reads that run or wait. Resolves when no process is left. */
  async close(): Promise<void> {
    this.#isClosed = true
    const exits = [...this.#readers].map(reader => (this.#idle.includes(reader) ? reader.close() : reader.kill()))
    await Promise.all([...exits, this.#queue.onIdle()])
  }

  async #run(command: ReadCommand, options: ReadOptions): Promise<ReadResults[ReadCommand['type']]> {
    if (this.#isClosed) throw interrupted()
    const reader = this.#idle.pop() ?? this.#addReader()
    try {
      return await this.#runIn(reader, command, options)
    } catch (error) {
      throw error instanceof WorkerExit ? this.#errorOf(error) : error
    } finally {
      this.#idle.push(reader)
    }
  }

  async #runIn(reader: Reader, command: ReadCommand, { signal, onRows }: ReadOptions) {
    const isReused = reader.pid !== undefined
    let hasBegun = false
    const onEvent = (event: ReadEvent) => {
      hasBegun = true
      if (event.type === 'rows') onRows?.(event.rows)
    }
    const run = () => reader.run(command, { signal, onEvent, timeLimitMs: this.#timeLimitMs })
    return run().catch(error => {
      // The process crashed while it was idle, and this process had not been notified yet.
      const wasDead = error instanceof WorkerExit && error.reason === 'CRASHED' && isReused && !hasBegun
      if (wasDead && !this.#isClosed) return run()
      throw error
    })
  }

  readonly #timeLimitMs = (event?: ReadEvent): number | undefined => {
    if (event === undefined) return START_TIMEOUT_MS
    return event.type === 'started' ? this.#options.limits.timeoutMs : undefined
  }

  #addReader(): Reader {
    const { maxMemoryBytes } = this.#options.limits
    const reader: Reader = new ChildWorker({
      module: 'reading/reader-process',
      settings: this.#options.process,
      maxHeapBytes: maxMemoryBytes,
      maxResidentBytes: maxMemoryBytes,
      // What a read leaves behind counts against the next one.
      maxIdleBytes: maxMemoryBytes / 2,
    })
    this.#readers.add(reader)
    return reader
  }

  #errorOf({ reason, message }: WorkerExit): AppError {
    const { timeoutMs, timeoutSetting, memorySetting } = this.#options.limits
    if (reason === 'TIME_LIMIT') {
      const text = `Reading took longer than the ${timeoutMs / 1000} s that are allowed. Ask for less, or raise ${timeoutSetting}.`
      return new AppError('QUERY_TIMEOUT', text)
    }
    if (reason === 'MEMORY_LIMIT') {
      const text = `Reading took more memory than is allowed. Ask for less, or raise ${memorySetting}.`
      return new AppError('QUERY_MEMORY_LIMIT', text)
    }
    if (reason !== 'ABORTED') this.#options.onError?.(`A reader process ended unexpectedly: ${message}.`)
    return interrupted()
  }
}

function interrupted(): AppError {
  return new AppError('QUERY_INTERRUPTED', 'The read was interrupted before it was complete. Try again.')
}

function tooMany(waiting: number): AppError {
  return new AppError('TOO_MANY_QUERIES', `${waiting} reads of this kind are waiting already. Try again later.`)
}
