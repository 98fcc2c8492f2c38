import { AppError, deserializeError } from '../domain/errors.ts'
import { interrupted, outOfMemory, ReadGuard, type ReadLimits } from './read-guard.ts'
import type { ReadAnswers, ReadCommand, ReadEnd, ReaderSettings } from './read-messages.ts'
import { ReaderProcess } from './reader-process.ts'
import { type Died, hasRunOutOfMemory } from './warm-process.ts'

export interface ReaderPoolOptions {
  readonly process: ReaderSettings
  readonly limits: ReadLimits
  /** How many read at the same time. */
  readonly maxProcesses: number
  /** How many reads may wait for their turn. */
  readonly maxWaiting: number
  /** Told when a process died that this pool did not kill. */
  readonly onFault?: (what: string) => void
}

export interface ReadOptions {
  /** Aborted when nobody wants the answer any more. */
  readonly signal?: AbortSignal
  /** Told now and then how many rows of an export are written. */
  readonly onRows?: (rows: number) => void
}

interface Task {
  readonly command: ReadCommand
  readonly options: ReadOptions
  resolve(answer: ReadAnswers[ReadCommand['type']]): void
  reject(reason: unknown): void
}

/** Processes that read, started when they are needed, kept warm, and replaced when they die. */
export class ReaderPool {
  readonly #options: ReaderPoolOptions
  readonly #waiting: Task[] = []
  readonly #busy = new Set<ReaderProcess>()
  #idle: ReaderProcess[] = []
  #isClosed = false

  constructor(options: ReaderPoolOptions) {
    this.#options = options
  }

  /** Starts a process ahead of the first read. */
  warm(): this {
    this.#idle.push(this.#start())
    return this
  }

  /**
   * @throws AppError when it takes too long or too much, when its process dies, or when too many wait already
   * @throws AppError
   */
  async read<Type extends ReadCommand['type']>(
    command: Extract<ReadCommand, { type: Type }>,
    options: ReadOptions = {},
  ): Promise<ReadAnswers[Type]> {
    const { maxProcesses, maxWaiting } = this.#options
    if (this.#isClosed || options.signal?.aborted) throw interrupted()
    if (this.#busy.size === maxProcesses && this.#waiting.length >= maxWaiting) throw tooMany(this.#waiting.length)
    let leave = () => {}
    const answer = new Promise<ReadAnswers[ReadCommand['type']]>((resolve, reject) => {
      const task = { command, options, resolve, reject }
      leave = () => this.#leaveQueue(task)
      options.signal?.addEventListener('abort', leave)
      this.#waiting.push(task)
      this.#serveNext()
    })
    try {
      // Each type of command has its type of answer: read-entry.ts sees to it.
      return (await answer) as ReadAnswers[Type]
    } finally {
      options.signal?.removeEventListener('abort', leave)
    }
  }

  /** Gives up what is read and what waits. Resolves when no process is left. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const { reject } of this.#waiting.splice(0)) reject(interrupted())
    for (const process of this.#busy) process.kill()
    await Promise.all([...this.#busy, ...this.#idle].map(process => process.close()))
  }

  /** Who wants no answer any more keeps nobody else from waiting for one. */
  #leaveQueue(task: Task): void {
    const place = this.#waiting.indexOf(task)
    if (place === -1) return
    this.#waiting.splice(place, 1)
    task.reject(interrupted())
  }

  #serveNext(): void {
    while (this.#busy.size < this.#options.maxProcesses) {
      const task = this.#waiting.shift()
      if (!task) return
      void this.#serve(this.#take(), task)
    }
  }

  #take(): ReaderProcess {
    this.#idle = this.#idle.filter(process => process.isAlive)
    const process = this.#idle.pop() ?? this.#start()
    this.#busy.add(process)
    return process
  }

  #start(): ReaderProcess {
    return new ReaderProcess(this.#options.process, this.#options.limits.maxMemoryBytes)
  }

  async #serve(process: ReaderProcess, task: Task): Promise<void> {
    const { command, options, resolve, reject } = task
    const guard = new ReadGuard(process, this.#options.limits, options.signal)
    const wasWarm = process.isWarm
    let hasBegun = false
    const end = await process.run(command, news => {
      if (news.type === 'rows') return options.onRows?.(news.rows)
      hasBegun = true
      guard.started()
    })
    guard.stop()
    // It had died while it was idle, and word of that came late.
    if (end.type === 'died' && wasWarm && !hasBegun && !guard.breach && !this.#isClosed) this.#waiting.unshift(task)
    else if (end.type === 'answered') resolve(end.answer)
    else reject(guard.breach ?? this.#reasonOf(end))
    if (this.#keepsTooMuch(end)) await process.close()
    this.#busy.delete(process)
    if (process.isAlive) this.#idle.push(process)
    this.#serveNext()
  }

  /** Whether so much is left of what a process has read that the next read would pay for it. */
  #keepsTooMuch(end: ReadEnd | Died): boolean {
    return end.type === 'answered' && end.residentBytes > this.#options.limits.maxMemoryBytes / 2
  }

  #reasonOf(end: Exclude<ReadEnd, { type: 'answered' }> | Died): Error {
    if (end.type === 'failed') return deserializeError(end.error)
    if (!this.#isClosed) this.#options.onFault?.(`a reader process died (${end.how})`)
    return hasRunOutOfMemory(end) ? outOfMemory(this.#options.limits) : interrupted()
  }
}

function tooMany(waiting: number): AppError {
  const message = `${waiting} such queries are waiting already. Ask again in a moment.`
  return new AppError('TOO_MANY_QUERIES', message)
}
