import { setTimeout as sleep } from 'node:timers/promises'
import { ingestionProcessOf } from '../../support/program/children.ts'
import { until } from '../../support/until.ts'

/** A message to the process has arrived after this time, and is the first that it reads. */
const MESSAGE_MS = 50
const STEP_MS = 5

/** The ingestion process of this test, stopped with SIGSTOP: it cannot finish before the test resumes it. */
export class PausedIngestionProcess {
  readonly #pid = ingestionProcessOf(process.pid)!

  constructor() {
    process.kill(this.#pid, 'SIGSTOP')
  }

  /** Runs the process in short steps until `condition` resolves to true. */
  async stepUntil(condition: () => Promise<boolean>): Promise<void> {
    await until(async () => {
      if (await condition()) return true
      process.kill(this.#pid, 'SIGCONT')
      await sleep(STEP_MS)
      process.kill(this.#pid, 'SIGSTOP')
      return false
    }, 'the condition to be met')
  }

  /** Resumes the process once `command` has been sent to it. */
  async resumeAfter<Result>(command: Promise<Result>): Promise<Result> {
    await sleep(MESSAGE_MS)
    this.resume()
    return command
  }

  resume(): void {
    process.kill(this.#pid, 'SIGCONT')
  }
}
