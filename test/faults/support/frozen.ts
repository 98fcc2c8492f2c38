import { setTimeout as sleep } from 'node:timers/promises'
import { ingestionProcessOf } from '../../support/program/children.ts'
import { hasEnded, ingestionOf, isUnderWay } from '../../support/program/ingest.ts'
import type { ProgramProcess } from '../../support/program/process.ts'
import type { TestServer } from '../../support/program/server.ts'
import { until } from '../../support/until.ts'
import { ledgerIn } from './inspect.ts'

const STEP_MS = 5

/** The ingestion process of a program, stopped in the middle of a file: it holds the write lock for as long as we like. */
export class Frozen {
  readonly pid: number

  private constructor(pid: number) {
    this.pid = pid
  }

  /** Resolves when `file` is RUNNING; it must be big enough to be caught at it. */
  static async in(program: ProgramProcess, database: string, file: string): Promise<Frozen> {
    const isRunning = () => ledgerIn(database).some(line => line.file === file && line.status === 'RUNNING')
    await until(() => !program.isRunning || hasLedger(isRunning), `${file} to be ingested`)
    const pid = ingestionProcessOf(program.pid)
    if (pid === undefined) throw new Error(`${file} was ingested too fast: ${program.stdout}${program.stderr}`)
    process.kill(pid, 'SIGSTOP')
    return new Frozen(pid)
  }

  /**
   * Resolves when rows of what is sent have been read and others have not. It goes in steps from before it is sent, so
   * that it is caught however slowly we ask.
   *
   * @param send resolves to the ingestion's id when it is queued; of a file that takes a second, since a step can
   *   become many times as long on a busy machine
   */
  static async halfWay(server: TestServer, send: () => Promise<string>): Promise<Frozen> {
    const frozen = new Frozen(server.ingestionPid())
    process.kill(frozen.pid, 'SIGSTOP')
    const id = await send()
    await until(async () => {
      const ingestion = (await ingestionOf(server, id))!
      if (isUnderWay(ingestion)) return true
      frozen.thaw()
      if (hasEnded(ingestion)) throw new Error(`it was over before it was half way: ${JSON.stringify(ingestion)}`)
      await sleep(STEP_MS)
      process.kill(frozen.pid, 'SIGSTOP')
      return false
    }, 'it to be half way')
    return frozen
  }

  thaw(): void {
    process.kill(this.pid, 'SIGCONT')
  }

  kill(): void {
    process.kill(this.pid, 'SIGKILL')
  }
}

/** The file is there before its tables are. */
function hasLedger(look: () => boolean): boolean {
  try {
    return look()
  } catch {
    return false
  }
}
