import type { Config } from '../config/config.ts'
import {
  type CheckReport,
  type CheckStep,
  checkDatabase,
  type OnCheckProgress,
  repairDatabase,
} from '../storage/sqlite/check/check.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { instant, number, printable } from './format.ts'

type Finding = CheckReport['findings'][number]

export interface CheckOptions {
  /** One object for scripts instead of text. */
  readonly json?: boolean
  /** Recompute what is derived. */
  readonly repair?: boolean
}

/** Verifies a database file, and says what is wrong with it. */
export async function check(config: Config, path: string, options: CheckOptions): Promise<ExitCode> {
  const onProgress = progressOn(process.stderr)
  const { report, repaired, isRepairVain } = options.repair
    ? await checkAndRepair(path, config.ingestion.lockWaitSeconds * 1000, onProgress)
    : { report: await checkDatabase(path, onProgress), repaired: [], isRepairVain: false }
  onProgress.clear()
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ file: path, ...report, repaired })}\n`
      : told(path, report, repaired, isRepairVain),
  )
  return report.isSound ? EXIT.ok : EXIT.failed
}

async function checkAndRepair(path: string, waitMs: number, onProgress: OnCheckProgress) {
  const onWait = () => process.stderr.write('Another program is writing to the database: waiting for it.\n')
  const { before, after } = await repairDatabase(path, { waitMs, onWait, onProgress })
  if (after?.isSound) return { report: after, repaired: before.findings, isRepairVain: false }
  return { report: after ?? before, repaired: [], isRepairVain: after !== null }
}

function told(path: string, report: CheckReport, repaired: readonly Finding[], isRepairVain: boolean): string {
  const { isSound, findings, counted, isBeingWritten } = report
  const rows = counted
    ? `: ${number(counted.measurements)} measurements of ${number(counted.accounts)} accounts, as of ${instant(counted.asOf)}`
    : ''
  const lines = [`${printable(path)} is ${isSound ? `sound${rows}.` : 'not sound.'}`]
  if (isBeingWritten) lines.push('An ingestion was under way, or was cut short; what it had written did not count yet.')
  if (repaired.length > 0) lines.push('', 'Repaired:', ...repaired.flatMap(toldOf))
  if (findings.length > 0) lines.push('', ...findings.flatMap(toldOf), '', isRepairVain ? VAIN : adviceOn(findings))
  return `${lines.join('\n')}\n`
}

function toldOf({ rule, says, table, count, examples }: Finding): string[] {
  const times = count === 1 ? 'once' : `${number(count)} times`
  const more = count > examples.length ? [`  … ${number(count - examples.length)} more`] : []
  return [`${rule}: ${says} (${table}, ${times})`, ...examples.map(example => `  ${printable(example)}`), ...more]
}

/** Two ways to compute the same do not agree. */
const VAIN = 'A repair leaves this at fault, and was taken back. It is a fault of the program: please report it.'

function adviceOn(findings: readonly Finding[]): string {
  const isDerivedOnly = findings.every(({ kind }) => kind === 'derived')
  return isDerivedOnly
    ? 'Only what is derived is at fault: --repair computes it anew from the measurements.'
    : 'What was measured is at fault, or the file itself: put a snapshot from before in its place. --repair changes nothing.'
}

/** Tells a person at a terminal what is being looked at; it can take a minute. */
function progressOn(terminal: NodeJS.WriteStream): OnCheckProgress & { clear(): void } {
  const write = (text: string) => terminal.isTTY && terminal.write(`\r\x1b[K${text}`)
  const tell = (step: CheckStep, done: number) =>
    write(`checking ${step}${done > 0 ? ` ${Math.floor(done * 100)} %` : ''}`)
  return Object.assign(tell, { clear: () => write('') })
}
