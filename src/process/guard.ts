import type { UserError } from '../domain/errors.ts'
import type { IngestionProcess } from './ingestion-process.ts'
import type { News } from './messages.ts'
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

/** Watches one command of the ingestion process, and kills the process when it takes more than its share. */
export class Guard {
  /** Why the process was killed, if this guard did it. */
  breach: UserError | undefined
  readonly #process: IngestionProcess
  readonly #limits: ProcessLimits
  readonly #timer: NodeJS.Timeout
  #deadline = Number.POSITIVE_INFINITY

  /** @param isTimed whether there is a deadline: it counts from now on, since a process may hang before it has begun */
  constructor(process: IngestionProcess, limits: ProcessLimits, isTimed: boolean) {
    this.#process = process
    this.#limits = limits
    if (isTimed) this.#allow(0)
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS)
  }

  /** Waiting for the lock costs no time; what the file declares buys some. */
  hear(news: News): void {
    const { slowestRowsPerSecond, slowestBytesPerSecond } = this.#limits
    if (news.type === 'waiting') this.#deadline = Number.POSITIVE_INFINITY
    if (news.type === 'started') this.#allow(0)
    if (news.type === 'declared') this.#allow(news.rows / slowestRowsPerSecond + news.bytes / slowestBytesPerSecond)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** Not by the clock on the wall, which may be set. */
  #allow(seconds: number): void {
    this.#deadline = performance.now() + (this.#limits.baseSeconds + seconds) * 1000
  }

  async #look(): Promise<void> {
    if (performance.now() > this.#deadline)
      return this.#kill('more time than a file of its size may take', 'INGEST_BASE_SECONDS')
    const resident = await residentBytes(this.#process.pid)
    if (resident > this.#limits.maxResidentBytes)
      this.#kill('more memory than an ingestion may use', 'INGEST_MAX_MEMORY_MB')
  }

  #kill(what: string, setting: string): void {
    this.stop()
    this.breach ??= resourceLimit(what, setting)
    this.#process.kill()
  }
}

export function resourceLimit(what: string, setting: string): UserError {
  const message = `The file took ${what}, and its ingestion was ended. Nothing was changed. If the file is sound, split it or raise ${setting}.`
  return { code: 'RESOURCE_LIMIT', field: null, message }
}
