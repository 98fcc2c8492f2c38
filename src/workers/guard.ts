import type { UserError } from '../domain/errors.ts'
import type { IngestionProcess } from './ingestion-process.ts'
import type { Command, News } from './messages.ts'
import { residentBytes } from './resident-bytes.ts'

/** What an ingestion process may use before it is killed. */
export interface ProcessLimits {
  readonly maxHeapBytes: number
  readonly maxResidentBytes: number
  /** For opening a file and for what does not depend on its size. */
  readonly baseSeconds: number
  /** A file may take as long as it would at these rates: far below what the slowest machine does. */
  readonly slowestRowsPerSecond: number
  readonly slowestBytesPerSecond: number
}

const LOOK_EVERY_MS = 100

type Work = Command['type']

/** Watches one command of the ingestion process, and kills the process when it takes more than its share. */
export class Guard {
  /** Why the process was killed, if this guard did it. */
  breach: UserError | undefined
  readonly #process: IngestionProcess
  readonly #limits: ProcessLimits
  readonly #work: Work
  readonly #waitMs: number
  readonly #timer: NodeJS.Timeout
  #deadline = Number.POSITIVE_INFINITY
  #isStopped = false

  /**
   * Time counts from now on, since a process may hang before it has begun.
   *
   * @param waitMs how long the process waits for another program that writes
   */
  constructor(process: IngestionProcess, limits: ProcessLimits, work: Work, waitMs: number) {
    this.#process = process
    this.#limits = limits
    this.#work = work
    this.#waitMs = waitMs
    this.#allow(0)
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS)
  }

  /** Waiting for the lock costs no time; what the file declares, or a reversal may have to look at, buys some. */
  hear(news: News): void {
    const { slowestRowsPerSecond, slowestBytesPerSecond } = this.#limits
    if (news.type === 'waiting') this.#allow(this.#waitMs / 1000)
    if (news.type === 'started') this.#allow(0)
    if (news.type === 'reverting') this.#allow(news.rows / slowestRowsPerSecond)
    if (news.type === 'declared') this.#allow(news.rows / slowestRowsPerSecond + news.bytes / slowestBytesPerSecond)
  }

  stop(): void {
    this.#isStopped = true
    clearInterval(this.#timer)
  }

  /** Not by the clock on the wall, which may be set. */
  #allow(seconds: number): void {
    this.#deadline = performance.now() + (this.#limits.baseSeconds + seconds) * 1000
  }

  async #look(): Promise<void> {
    if (performance.now() > this.#deadline) return this.#kill(TOO_LONG[this.#work], 'INGEST_BASE_SECONDS')
    const resident = await residentBytes(this.#process.pid)
    if (resident > this.#limits.maxResidentBytes)
      this.#kill('more memory than an ingestion may use', 'INGEST_MAX_MEMORY_MB')
  }

  /** A look that was under way when the command ended must not end the next one. */
  #kill(what: string, setting: string): void {
    if (this.#isStopped) return
    this.stop()
    this.breach = resourceLimit(this.#work, what, setting)
    this.#process.kill()
  }
}

const TOO_LONG: Readonly<Record<Work, string>> = {
  ingest: 'more time than a file of its size may take',
  revert: 'more time than it may take',
}

export function resourceLimit(work: Work, what: string, setting: string): UserError {
  const message = {
    ingest: `The file took ${what}, and its ingestion was ended. Nothing was changed. If the file is sound, split it or raise ${setting}.`,
    revert: `The reversal took ${what}, and was ended. Nothing was changed. Revert the ingestion again, or raise ${setting}.`,
  }
  return { code: 'RESOURCE_LIMIT', field: null, message: message[work] }
}
