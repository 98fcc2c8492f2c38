import { AppError } from '../domain/errors.ts'
import type { ReaderProcess } from './reader-process.ts'
import { residentBytes } from './resident-bytes.ts'

/** What one read may use before its process is killed, and the settings that say so. */
export interface ReadLimits {
  /** From the moment that the process has begun with it. */
  readonly timeoutMs: number
  readonly timeoutSetting: string
  /** Heap and resident memory of the process. */
  readonly maxMemoryBytes: number
  readonly memorySetting: string
}

/** For a process to start and take up a command. */
const START_MS = 30_000
const LOOK_EVERY_MS = 100

/** Watches one read, and kills its process when it takes more than its share, or nobody wants its answer any more. */
export class ReadGuard {
  /** Why the process was killed, if this guard did it. */
  breach: AppError | undefined
  readonly #process: ReaderProcess
  readonly #limits: ReadLimits
  readonly #signal: AbortSignal | undefined
  readonly #looks: NodeJS.Timeout
  #deadline: NodeJS.Timeout
  #isStopped = false

  constructor(process: ReaderProcess, limits: ReadLimits, signal?: AbortSignal) {
    this.#process = process
    this.#limits = limits
    this.#signal = signal
    this.#deadline = setTimeout(this.#tooLong, START_MS)
    this.#looks = setInterval(() => void this.#look(), LOOK_EVERY_MS)
    signal?.addEventListener('abort', this.#unwanted)
    if (signal?.aborted) this.#unwanted()
  }

  started(): void {
    clearTimeout(this.#deadline)
    if (!this.#isStopped) this.#deadline = setTimeout(this.#tooLong, this.#limits.timeoutMs)
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#deadline)
    clearInterval(this.#looks)
    this.#signal?.removeEventListener('abort', this.#unwanted)
  }

  async #look(): Promise<void> {
    if ((await residentBytes(this.#process.pid)) > this.#limits.maxMemoryBytes) this.#kill(outOfMemory(this.#limits))
  }

  readonly #tooLong = (): void => {
    const { timeoutMs, timeoutSetting } = this.#limits
    const message = `This took longer than the ${timeoutMs / 1000} s that are allowed. Ask for less, or have ${timeoutSetting} raised.`
    this.#kill(new AppError('QUERY_TIMEOUT', message))
  }

  readonly #unwanted = (): void => this.#kill(interrupted())

  /** A look that was under way when the read ended must not end the next one. */
  #kill(breach: AppError): void {
    if (this.#isStopped) return
    this.stop()
    this.breach = breach
    this.#process.kill()
  }
}

export function outOfMemory({ memorySetting }: ReadLimits): AppError {
  const message = `This took more memory than is allowed. Ask for less, or have ${memorySetting} raised.`
  return new AppError('QUERY_MEMORY_LIMIT', message)
}

export function interrupted(): AppError {
  return new AppError('QUERY_INTERRUPTED', 'The process that read this ended before it was done. Ask again.')
}
