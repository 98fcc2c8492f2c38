import Table from 'cli-table3'
import { DEFAULT_GROWTH, GROWTH_BASELINES, GROWTH_WINDOWS } from '../domain/growth.ts'
import { type Ingestion, rowsPerSecond } from '../domain/ingestion.ts'
import type { IngestOutcome } from '../domain/ingestor.ts'
import type { Reader } from '../domain/reader.ts'
import { nodeId } from '../graphql/node-id.ts'
import { instant, number, printable, trackedAccounts } from './format.ts'
import { progressView } from './progress.ts'

/** Reports progress and outcome of each file. */
export interface Report {
  onState(state: Ingestion): void
  fileDone(file: string, outcome: IngestOutcome): Promise<void>
  allDone(): Promise<void>
}

/** A progress bar and tables; at the end the content of the database, if any file succeeded. */
export function textReport(reader: Reader, out: NodeJS.WritableStream): Report {
  let view = progressView(process.stderr)
  let anySucceeded = false
  return {
    onState: state => view.show(state),
    async fileDone(file, { ingestion, alreadyIngested, error }) {
      view.stop()
      anySucceeded ||= error === null
      view = progressView(process.stderr)
      if (alreadyIngested && ingestion) {
        const when = instant(ingestion.queuedAt)
        out.write(`${printable(file)}: already ingested on ${when}, nothing changed\n`)
      } else if (ingestion) {
        out.write(`${ingestionTable(ingestion)}\n${await rejectedTable(reader, ingestion)}`)
        process.stderr.write(warningLines(ingestion))
      }
      if (error) process.stderr.write(`${printable(file)}: ${error.code}: ${printable(error.message)}\n`)
    },
    async allDone() {
      if (!anySucceeded) return
      out.write(`${await datasetLine(reader)}\n${await coverageTable(reader)}\n`)
    },
  }
}

/** A JSON object for each file, when it is finished. */
export function jsonReport(): Report {
  return {
    onState() {},
    async fileDone(file, { ingestion, alreadyIngested, error }) {
      process.stdout.write(
        `${JSON.stringify({ file, alreadyIngested, ingestion: ingestion && inApiFormat(ingestion), error })}\n`,
      )
    },
    async allDone() {},
  }
}

/** The ingestion with its id and instants in the API's format. */
function inApiFormat(ingestion: Ingestion) {
  const entries = Object.entries(ingestion).map(([name, value]) => {
    const isInstant = name.endsWith('At') && typeof value === 'number'
    return [name, isInstant ? instant(value) : value]
  })
  return { ...Object.fromEntries(entries), id: nodeId({ type: 'Ingestion', id: ingestion.id }) }
}

/** The outcome of a file, with a table of its rows if any were read. */
export function ingestionTable(ingestion: Ingestion): string {
  const outcome = `${printable(ingestion.fileName)}: ${ingestion.status}`
  if (ingestion.status !== 'SUCCEEDED' && ingestion.rowsRead === 0) return outcome
  const table = new Table({ style: { head: [], border: [] }, colAligns: ['left', 'right'] })
  const rate = rowsPerSecond(ingestion, Date.now())
  table.push(
    ['rows read', number(ingestion.rowsRead)],
    ['inserted', number(ingestion.inserted)],
    ['corrected', number(ingestion.corrected)],
    ['unchanged', number(ingestion.unchanged)],
    ['rejected', number(ingestion.rejected)],
    ...ingestion.rejections.map(({ reason, count }) => [`  ${reason}`, number(count)]),
    ['new accounts', number(ingestion.accountsCreated)],
    ['first measured', instant(ingestion.firstMeasuredAt)],
    ['last measured', instant(ingestion.lastMeasuredAt)],
    ['rows per second', rate === null ? '-' : number(Math.round(rate))],
  )
  return `${outcome}\n${table}`
}

const SHOWN_REJECTIONS = 5
const SHOWN_CHARACTERS = 100

/** A table of the first rejected rows, or an empty string. */
export async function rejectedTable(reader: Reader, { id, rejected }: Ingestion): Promise<string> {
  const { items } = await reader.rejectedRows(id, { size: SHOWN_REJECTIONS, fromEnd: false })
  if (items.length === 0) return ''
  const table = new Table({
    head: ['row', 'reason', 'as found'],
    style: { head: [], border: [] },
    colAligns: ['right'],
  })
  for (const { rowNumber, reason, row } of items) {
    const text = printable(row)
    table.push([
      number(rowNumber),
      reason,
      text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text,
    ])
  }
  return `Rejected rows, ${number(items.length)} of ${number(rejected)}:\n${table}\n`
}

/** One line for each kind of warning: the columns concerned, and the first of its messages. Empty without warnings. */
export function warningLines({ fileName, warnings }: Ingestion): string {
  const codes = [...new Set(warnings.map(({ code }) => code))]
  const lines = codes.map(code => {
    const [first, ...others] = warnings.filter(warning => warning.code === code)
    const more = others.length > 0 ? ` Also in ${others.map(({ column }) => column ?? 'the file').join(', ')}.` : ''
    return `${printable(`${fileName}: warning: ${code}: ${first!.message}${more}`)}\n`
  })
  return lines.join('')
}

/** For how many accounts growth is known, by window and baseline: docs/rules.md, "Growth". */
export async function coverageTable(reader: Reader): Promise<string> {
  const table = new Table({
    head: ['growth known of', ...GROWTH_BASELINES],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right'],
  })
  for (const window of GROWTH_WINDOWS) {
    const cells = await Promise.all(
      GROWTH_BASELINES.map(async baseline => {
        const { known, noRecentMeasurement, noBaseline, zeroBaseline } = await reader.growthCoverage({
          window,
          baseline,
        })
        return `${number(known)} of ${number(known + noRecentMeasurement + noBaseline + zeroBaseline)}`
      }),
    )
    table.push([window === DEFAULT_GROWTH.window ? `${window} (default)` : window, ...cells])
  }
  return table.toString()
}

/** One line about the content of the database. */
export async function datasetLine(reader: Reader): Promise<string> {
  const { accountCount, measurementCount, asOf } = await reader.dataset()
  return `${trackedAccounts(accountCount)}, ${number(measurementCount)} measurements, as of ${instant(asOf)}`
}
