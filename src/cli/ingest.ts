import type { Config } from '../config/config.ts'
import { AppError } from '../domain/errors.ts'
import type { IngestOutcome } from '../domain/ingestor.ts'
import { locateAnywhere } from '../workers/ingestion/locate-file.ts'
import { type OpenDatabase, openDatabase, withDatabaseName } from './database.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { printable } from './format.ts'
import { expandPaths } from './input-paths.ts'
import { normalizeTarget, STDOUT } from './output-file.ts'
import { type RejectsWriter, rejectsWriter } from './rejects.ts'
import { jsonReport, type Report, textReport } from './report.ts'
import { ShutdownSignals } from './shutdown.ts'
import { requireDirectory, watchDirectory } from './watch.ts'

export interface IngestOptions {
  /** Print a JSON object for each file instead of tables. */
  readonly json?: boolean
  readonly dryRun?: boolean
  /** Refuse files that would be ingested with warnings. */
  readonly strict?: boolean
  /** Target of all rejected rows: a file, or `-` for standard output. */
  readonly rejects?: string
  /** Directory whose files are ingested as they arrive, until the command is stopped. */
  readonly watch?: string
}

/** Ingests files one after another and reports the outcome of each. */
export async function ingest(config: Config, paths: readonly string[], given: IngestOptions): Promise<ExitCode> {
  const options = given.rejects === undefined ? given : { ...given, rejects: normalizeTarget(given.rejects) }
  if (options.watch !== undefined) await requireDirectory(options.watch)
  const { files, empty } = await expandPaths(paths)
  for (const path of empty) process.stderr.write(`${printable(path)}: no Parquet files found\n`)
  const rejects = createRejects(options, files, config.databasePath)
  const database = await openDatabase(config, {
    locate: locateAnywhere,
    onWaiting: () => process.stderr.write('Waiting for another program that writes to the database.\n'),
    onError: stack => process.stderr.write(`${stack}\n`),
    onUpgraded: message => process.stderr.write(message),
  })
  const signals = new ShutdownSignals()
  signals.requested.addEventListener('abort', () => void database.supervisor.abort())
  try {
    rejects?.open()
    const run = new IngestRun(database, options, createReport(options, database), rejects)
    await run.ingestAll(files, signals.requested)
    if (options.watch !== undefined)
      await run.ingestAll(watchDirectory(options.watch, signals.requested), signals.requested)
    const hasFailed = empty.length > 0 || (signals.requested.aborted && options.watch === undefined)
    return await withDatabaseName(config.databasePath, () => run.finish(hasFailed))
  } finally {
    signals.dispose()
    try {
      // Also after an error: the rejected rows of finished files are stored nowhere else.
      rejects?.close()
    } finally {
      await database.close()
    }
  }
}

function createRejects(
  { json, rejects, watch }: IngestOptions,
  inputs: readonly string[],
  databasePath: string,
): RejectsWriter | undefined {
  if (json && rejects === STDOUT)
    throw new AppError(
      'BAD_USER_INPUT',
      '--json and --rejects - both write to standard output. Name a file for the rejected rows.',
    )
  if (rejects === undefined) return undefined
  return rejectsWriter(rejects, { inputs, databasePath, append: watch !== undefined })
}

/** The report goes to standard error when rejected rows go to standard output. */
function createReport({ json, rejects }: IngestOptions, { reader }: OpenDatabase): Report {
  return json ? jsonReport() : textReport(reader, rejects === STDOUT ? process.stderr : process.stdout)
}

/** One run of the command: ingests each file and keeps the exit code. */
class IngestRun {
  readonly #database: OpenDatabase
  readonly #options: IngestOptions
  readonly #report: Report
  readonly #rejects: RejectsWriter | undefined
  #exitCode: ExitCode = EXIT.ok

  constructor(database: OpenDatabase, options: IngestOptions, report: Report, rejects: RejectsWriter | undefined) {
    this.#database = database
    this.#options = options
    this.#report = report
    this.#rejects = rejects
  }

  async ingestAll(files: Iterable<string> | AsyncIterable<string>, stopped: AbortSignal): Promise<void> {
    for await (const file of files) {
      if (stopped.aborted) return
      await this.#ingestOne(file)
    }
  }

  async finish(hasFailed: boolean): Promise<ExitCode> {
    await this.#report.allDone()
    return hasFailed ? EXIT.failed : this.#exitCode
  }

  async #ingestOne(file: string): Promise<void> {
    const rejects = this.#rejects
    const { dryRun = false, strict = false } = this.#options
    const outcome = await this.#database.supervisor.ingest(
      { file, wait: true, dryRun, strict },
      {
        onState: state => this.#report.onState(state),
        ...(rejects && { onRejected: rows => rejects.write(file, rows) }),
      },
    )
    await this.#report.fileDone(file, outcome)
    const code = exitCodeOf(outcome)
    // A failed file takes precedence over rejected rows.
    if (this.#exitCode !== EXIT.failed && code !== EXIT.ok) this.#exitCode = code
  }
}

function exitCodeOf({ ingestion, alreadyIngested, error }: IngestOutcome): ExitCode {
  if (error) return EXIT.failed
  return !alreadyIngested && ingestion && ingestion.rejected > 0 ? EXIT.someRejected : EXIT.ok
}
