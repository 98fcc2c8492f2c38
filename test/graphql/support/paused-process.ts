import { setTimeout as sleep } from 'node:timers/promises'
import { ingestionProcessOf } from '../../support/program/children.ts'
import { until } from '../../support/until.ts'

/** Within this long whatever was said to a process has been sent, and is the first that it hears. */
const SENT_MS = 50
const STEP_MS = 5

/** The ingestion process of this test, standing still: however fast it is, it is not done before it is let go. */
export class Held {
  readonly #pid = ingestionProcessOf(process.pid)!

  constructor() {
    process.kill(this.#pid, 'SIGSTOP')
  }

  /** Lets it go on a little at a time until something is so. */
  async stepUntil(isSo: () => Promise<boolean>): Promise<void> {
    await until(async () => {
      if (await isSo()) return true
      process.kill(this.#pid, 'SIGCONT')
      await sleep(STEP_MS)
      process.kill(this.#pid, 'SIGSTOP')
      return false
    }, 'the process to have come so far')
  }

  /** Lets it go when `said` has been said to it. */
  async goWith<Result>(said: Promise<Result>): Promise<Result> {
    await sleep(SENT_MS)
    this.letGo()
    return said
  }

  letGo(): void {
    process.kill(this.#pid, 'SIGCONT')
  }
}
