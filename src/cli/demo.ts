import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import type { UserError } from '../domain/errors.ts'
import type { OpenDatabase } from './database.ts'
import { finish } from './finishing.ts'
import { progressView } from './progress.ts'
import { aborted, type StopSignals } from './stop-signals.ts'
import { ingestionTable } from './summary.ts'

const DEMO_FILE = 'sample_accounts.parquet'

/** Fills an empty default database with the bundled data, so that the first start has something to show. */
export async function ingestDemoData(
  config: Config,
  { reader, supervisor }: OpenDatabase,
  stop: StopSignals,
): Promise<void> {
  if (!config.isDefaultPlace || (await reader.dataset()).measurementCount > 0) return
  const isThere = await access(join(config.dataDirectory, DEMO_FILE)).then(
    () => true,
    () => false,
  )
  if (!isThere) return
  process.stdout.write(
    `The database is empty: ingesting the bundled demo data, ${DEMO_FILE}.\n` +
      'It is made up. --no-demo leaves the database empty, npm run reset empties it again.\n',
  )
  const view = progressView(process.stderr)
  const outcome = supervisor.ingest({ file: DEMO_FILE, wait: true, dryRun: false }, { onState: view.show })
  await Promise.race([outcome, aborted(stop.asked)]).finally(view.stop)
  if (stop.asked.aborted) {
    outcome.catch(() => {})
    process.stdout.write('Stopping.\n')
    return finish(supervisor, { seconds: config.shutdownGraceSeconds, urgent: stop.urgent })
  }
  const { ingestion, error } = await outcome
  if (error) return explain(error)
  if (ingestion) process.stdout.write(`${ingestionTable(ingestion)}\n`)
}

/** The demo data is for show: without it the server has all that it needs. */
function explain({ code, message }: UserError): void {
  process.stderr.write(`The demo data could not be ingested, and the database stays empty. ${code}: ${message}\n`)
}
