import type { Config } from '../config.ts'
import { locateAnywhere } from '../process/locate.ts'
import { type OpenDatabase, openDatabase } from './database.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { printable } from './format.ts'
import { progressView } from './progress.ts'
import { coverageTable, datasetLine, ingestionTable } from './summary.ts'

/** Ingests files one after the other and tells what became of them. */
export async function ingest(config: Config, paths: readonly string[]): Promise<ExitCode> {
  const database = await openDatabase(config, {
    locate: locateAnywhere,
    onWaiting: () => process.stderr.write('Another program is writing to the database: waiting for it.\n'),
    onFault: stack => process.stderr.write(`${stack}\n`),
  })
  let isStopped = false
  const stop = () => {
    isStopped = true
    void database.supervisor.abort()
  }
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    const codes: ExitCode[] = []
    for (const path of paths) {
      codes.push(await ingestOne(database, path))
      if (isStopped) return EXIT.failed
    }
    process.stdout.write(`${await datasetLine(database.reader)}\n${await coverageTable(database.reader)}\n`)
    return worst(codes)
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
    await database.close()
  }
}

async function ingestOne({ supervisor }: OpenDatabase, path: string): Promise<ExitCode> {
  const view = progressView(process.stderr)
  const outcome = await supervisor
    .ingest({ file: path, wait: true, dryRun: false }, { onState: view.show })
    .finally(view.stop)
  const { ingestion, alreadyIngested, error } = outcome
  if (alreadyIngested && ingestion) {
    process.stdout.write(
      `${printable(path)}: already ingested on ${new Date(ingestion.queuedAt).toISOString()}, nothing changed\n`,
    )
    return EXIT.ok
  }
  if (ingestion) process.stdout.write(`${ingestionTable(ingestion)}\n`)
  if (error) {
    process.stderr.write(`${printable(path)}: ${error.code}: ${printable(error.message)}\n`)
    return EXIT.failed
  }
  return ingestion && ingestion.rejected > 0 ? EXIT.someRejected : EXIT.ok
}

/** A failed file weighs more than rejected rows. */
function worst(codes: readonly ExitCode[]): ExitCode {
  return [EXIT.failed, EXIT.someRejected].find(code => codes.includes(code)) ?? EXIT.ok
}
