import { access, copyFile, mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import type { UserError } from '../domain/errors.ts'
import { packageFile } from '../package-file.ts'
import type { OpenDatabase } from './database.ts'
import { progressView } from './progress.ts'
import { ingestionTable } from './report.ts'
import { aborted, drain, type ShutdownSignals } from './shutdown.ts'

const SAMPLE = 'sample_accounts.parquet'
const SAMPLES = [SAMPLE, 'add_accounts.parquet']

/** Loads the sample data into an empty database with the default path, so that the first start has data to show. */
export async function ingestDemoData(
  config: Config,
  { reader, supervisor }: OpenDatabase,
  signals: ShutdownSignals,
): Promise<void> {
  if (!config.hasDefaultPaths || (await reader.dataset()).measurementCount > 0) return
  if (!(await provideSamples(config.dataDirectory))) return
  process.stdout.write(
    `The database is empty: loading the sample data, ${SAMPLE}.\n` +
      'It is made up. Start with --no-demo to keep the database empty; npm run reset deletes the data.\n',
  )
  const view = progressView(process.stderr)
  const outcome = supervisor.ingest({ file: SAMPLE, wait: true, dryRun: false }, { onState: view.show })
  await Promise.race([outcome, aborted(signals.requested)]).finally(view.stop)
  if (signals.requested.aborted) {
    outcome.catch(() => {})
    process.stdout.write('Stopping.\n')
    return drain(supervisor, { seconds: config.shutdownGraceSeconds, forced: signals.forced })
  }
  const { ingestion, error } = await outcome
  if (error) return explain(error)
  if (ingestion) process.stdout.write(`${ingestionTable(ingestion)}\n`)
}

/** Copies the package's samples to the data directory where they are missing. False when the package has none. */
async function provideSamples(directory: string): Promise<boolean> {
  if (await exists(join(directory, SAMPLE))) return true
  if (!(await exists(packageFile(`data/${SAMPLE}`)))) return false
  await mkdir(directory, { recursive: true })
  for (const name of SAMPLES) await copySample(name, directory)
  return true
}

async function copySample(name: string, directory: string): Promise<void> {
  if (await exists(join(directory, name))) return
  // Renamed when it is complete: a copy that is cut short must not be taken for a sample.
  const part = join(directory, `.${name}.part`)
  await copyFile(packageFile(`data/${name}`), part)
  await rename(part, join(directory, name))
}

function exists(path: string | URL): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** The server works without the sample data. */
function explain({ code, message }: UserError): void {
  process.stderr.write(`The sample data could not be loaded, so the database is empty. ${code}: ${message}\n`)
}
