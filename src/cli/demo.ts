import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { Refusal } from '../domain/errors.ts'
import type { OpenDatabase } from './database.ts'
import { progressView } from './progress.ts'
import { ingestionTable } from './summary.ts'

const DEMO_FILE = 'sample_accounts.parquet'

/** Fills an empty default database with the bundled data, so that the first start has something to show. */
export async function ingestDemoData(config: Config, { reader, supervisor }: OpenDatabase): Promise<void> {
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
  const { ingestion, error } = await supervisor
    .ingest({ file: DEMO_FILE, wait: true, dryRun: false }, { onState: view.show })
    .finally(view.stop)
  if (error) throw new Refusal(error.code, `the bundled demo data could not be ingested. ${error.message}`)
  if (ingestion) process.stdout.write(`${ingestionTable(ingestion)}\n`)
}
