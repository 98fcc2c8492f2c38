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
  /** Print a JSON object instead of text. */
  readonly json?: boolean
  /** Recompute derived data. */
  readonly repair?: boolean
}

/** Verifies a database file and prints what is wrong with it. */
export async function check(config: Config, path: string, options: CheckOptions): Promise<ExitCode> {
  const onProgress = progressOn(process.stderr)
  const { report, repaired, hasRepairFailed } = options.repair
    ? await checkAndRepair(path, config.ingestion.lockWaitSeconds * 1000, onProgress)
    : { report: await checkDatabase(path, onProgress), repaired: [], hasRepairFailed: false }
  onProgress.clear()
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ file: path, ...report, repaired })}\n`
      : reportText(path, report, repaired, hasRepairFailed),
  )
  return report.isSound ? EXIT.ok : EXIT.failed
}

async function checkAndRepair(path: string, waitMs: number, onProgress: OnCheckProgress) {
  const onWait = () => process.stderr.write('Waiting for another program that writes to the database.\n')
  const { before, after } = await repairDatabase(path, { waitMs, onWait, onProgress })
  if (after?.isSound) return { report: after, repaired: before.findings, hasRepairFailed: false }
  return { report: after ?? before, repaired: [], hasRepairFailed: after !== null }
}

function reportText(path: string, report: CheckReport, repaired: readonly Finding[], hasRepairFailed: boolean): string {
  const { isSound, findings, counted, isBeingWritten } = report
  const rows = counted
    ? `: ${number(counted.measurements)} measurements of ${number(counted.accounts)} accounts, as of ${instant(counted.asOf)}`
    : ''
  const lines = [`${printable(path)} is ${isSound ? `sound${rows}.` : 'not sound.'}`]
  if (isBeingWritten) lines.push('An ingestion is running, or was interrupted. Its rows are not part of the database.')
  if (repaired.length > 0) lines.push('', 'Repaired:', ...repaired.flatMap(findingLines))
  if (findings.length > 0)
    lines.push('', ...findings.flatMap(findingLines), '', hasRepairFailed ? REPAIR_FAILED : adviceOn(findings))
  return `${lines.join('\n')}\n`
}

function findingLines({ rule, says, table, count, examples }: Finding): string[] {
  const times = count === 1 ? 'once' : `${number(count)} times`
  const more = count > examples.length ? [`  … ${number(count - examples.length)} more`] : []
  return [`${rule}: ${says} (${table}, ${times})`, ...examples.map(example => `  ${printable(example)}`), ...more]
}

/** The check and the repair compute different values. */
const REPAIR_FAILED =
  'The repair did not solve this and was rolled back. This is a bug in account-growth: please report it.'

function adviceOn(findings: readonly Finding[]): string {
  const isDerivedOnly = findings.every(({ kind }) => kind === 'derived')
  return isDerivedOnly
    ? 'Only derived data is wrong: --repair recomputes it from the measurements.'
    : 'Measurements or the file itself are damaged: replace the file with an earlier snapshot. --repair cannot help.'
}

/** Shows the current step on a terminal: a check can take a minute. */
function progressOn(terminal: NodeJS.WriteStream): OnCheckProgress & { clear(): void } {
  const write = (text: string) => terminal.isTTY && terminal.write(`\r\x1b[K${text}`)
  const show = (step: CheckStep, done: number) =>
    write(`checking ${step}${done > 0 ? ` ${Math.floor(done * 100)} %` : ''}`)
  return Object.assign(show, { clear: () => write('') })
}
