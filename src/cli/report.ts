import type { Ingestion } from '../domain/ingestion.ts'
import type { IngestOutcome } from '../domain/ingestor.ts'
import type { Reader } from '../domain/reader.ts'
import { nodeId } from '../graphql/node-id.ts'
import { instant, printable } from './format.ts'
import { progressView } from './progress.ts'
import { coverageTable, datasetLine, ingestionTable, rejectedTable, warningLines } from './summary.ts'

/** Tells whoever runs the command what becomes of the files. */
export interface Report {
  onState(state: Ingestion): void
  fileDone(file: string, outcome: IngestOutcome): Promise<void>
  allDone(): Promise<void>
}

/** Tables and a progress bar; what the database holds in the end, if any file was taken. */
export function reportToPeople(reader: Reader, out: NodeJS.WritableStream): Report {
  let view = progressView(process.stderr)
  let isAnyIn = false
  return {
    onState: state => view.show(state),
    async fileDone(file, { ingestion, alreadyIngested, error }) {
      view.stop()
      isAnyIn ||= error === null
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
      if (!isAnyIn) return
      out.write(`${await datasetLine(reader)}\n${await coverageTable(reader)}\n`)
    },
  }
}

/** One JSON object a file, as it is done. */
export function reportToScripts(): Report {
  return {
    onState() {},
    async fileDone(file, { ingestion, alreadyIngested, error }) {
      process.stdout.write(
        `${JSON.stringify({ file, alreadyIngested, ingestion: ingestion && withInstants(ingestion), error })}\n`,
      )
    },
    async allDone() {},
  }
}

/** The ingestion with its id and instants as the API writes them. */
function withInstants(ingestion: Ingestion) {
  const entries = Object.entries(ingestion).map(([name, value]) => {
    const isInstant = name.endsWith('At') && typeof value === 'number'
    return [name, isInstant ? instant(value) : value]
  })
  return { ...Object.fromEntries(entries), id: nodeId({ type: 'Ingestion', id: ingestion.id }) }
}
