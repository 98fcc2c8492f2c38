import { setTimeout as sleep } from 'node:timers/promises'
import { ingestionProcessOf } from '../../support/program/children.ts'
import type { ProgramProcess } from '../../support/program/process.ts'
import { ledgerIn } from './inspect.ts'

/** The ingestion process of a program, stopped in the middle of a file: it holds the write lock for as long as we like. */
export class Frozen {
  readonly pid: number

  private constructor(pid: number) {
    this.pid = pid
  }

  /** Resolves when `file` is RUNNING; it must be big enough to be caught at it. */
  static async in(program: ProgramProcess, database: string, file: string): Promise<Frozen> {
    const isRunning = () => ledgerIn(database).some(line => line.file === file && line.status === 'RUNNING')
    while (program.isRunning && !hasLedger(isRunning)) await sleep(5)
    const pid = ingestionProcessOf(program.pid)
    if (pid === undefined) throw new Error(`${file} was ingested too fast: ${program.stdout}${program.stderr}`)
    process.kill(pid, 'SIGSTOP')
    return new Frozen(pid)
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
