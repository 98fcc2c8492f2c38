import type { UserError } from '../domain/errors.ts'
import { Guard, type ProcessLimits } from './guard.ts'
import { type CommandEnd, IngestionProcess } from './ingestion-process.ts'
import type { Command, News, ProcessSettings } from './messages.ts'

export interface GuardedProcessOptions {
  readonly process: ProcessSettings
  readonly limits: ProcessLimits
  /** Told when a command waits for another program that writes. */
  readonly onWaiting?: () => void
}

/** How a command ended, and why its process was killed, if it was for taking too much. */
export type GuardedEnd = CommandEnd & { readonly breach?: UserError | undefined }

/** How long a command that is cancelled may take to stop by itself. */
const CANCEL_GRACE_MS = 10_000

/** The process that ingests: kept warm, watched while it works, and replaced when it has died. */
export class GuardedProcess {
  readonly #options: GuardedProcessOptions
  #process: IngestionProcess

  constructor(options: GuardedProcessOptions) {
    this.#options = options
    this.#process = this.#start()
  }

  async run(command: Command, onNews: (news: News) => void = () => {}): Promise<GuardedEnd> {
    if (!this.#process.isAlive) this.#process = this.#start()
    const { limits, process } = this.#options
    const guard = new Guard(this.#process, limits, command.type, process.waitMs)
    const end = await this.#process.run(command, news => {
      guard.hear(news)
      if (news.type === 'waiting') this.#options.onWaiting?.()
      else onNews(news)
    })
    guard.stop()
    return { ...end, breach: guard.breach }
  }

  /** Asks the command that runs to take everything back, and kills its process if it has not `ended` within a while. */
  cancel(ended: Promise<unknown>): void {
    const running = this.#process
    running.cancel()
    const timer = setTimeout(() => running.kill(), CANCEL_GRACE_MS)
    void ended.catch(() => {}).finally(() => clearTimeout(timer))
  }

  /** SQLite takes back what a dead process has not committed. */
  kill(): void {
    this.#process.kill()
  }

  /** Lets the process end when it is done; resolves when it is gone. */
  close(): Promise<void> {
    return this.#process.close()
  }

  #start(): IngestionProcess {
    return new IngestionProcess(this.#options.process, this.#options.limits.maxHeapBytes)
  }
}
