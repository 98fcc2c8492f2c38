import type { Config } from '../config/config.ts'
import { AppError } from '../domain/errors.ts'
import type { IngestOutcome } from '../domain/ingestor.ts'
import { locateAnywhere } from '../workers/ingestion/locate-file.ts'
import { type OpenDatabase, openDatabase } from './database.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { printable } from './format.ts'
import { opening } from './opening.ts'
import { outputName, STDOUT } from './output.ts'
import { expandPaths } from './paths.ts'
import { type Rejects, rejectsTo } from './rejects.ts'
import { type Report, reportToPeople, reportToScripts } from './report.ts'
import { StopSignals } from './stop-signals.ts'
import { arrivals, requireDirectory } from './watch.ts'

export interface IngestOptions {
  /** One JSON object a file instead of tables. */
  readonly json?: boolean
  readonly dryRun?: boolean
  /** Refuse files that would be ingested with warnings. */
  readonly strict?: boolean
  /** Where all rejected rows go: a file, or `-` for the standard output. */
  readonly rejects?: string
  /** A directory whose files are ingested as they arrive, until the command is stopped. */
  readonly watch?: string
}

/** Ingests files one after the other and tells what became of them. */
export async function ingest(config: Config, paths: readonly string[], given: IngestOptions): Promise<ExitCode> {
  const options = given.rejects === undefined ? given : { ...given, rejects: outputName(given.rejects) }
  if (options.watch !== undefined) await requireDirectory(options.watch)
  const { files, empty } = await expandPaths(paths)
  for (const path of empty) process.stderr.write(`${printable(path)}: no Parquet files there\n`)
  const rejects = rejectsOf(options, files, config.databasePath)
  const database = await openDatabase(config, {
    locate: locateAnywhere,
    onWaiting: () => process.stderr.write('Another program is writing to the database: waiting for it.\n'),
    onError: stack => process.stderr.write(`${stack}\n`),
    onUpgraded: words => process.stderr.write(words),
  })
  const stop = new StopSignals()
  stop.asked.addEventListener('abort', () => void database.supervisor.abort())
  try {
    rejects?.open()
    const run = new Run(database, options, reportOf(options, database), rejects)
    await run.ingestAll(files, stop.asked)
    if (options.watch !== undefined) await run.ingestAll(arrivals(options.watch, stop.asked), stop.asked)
    const hasFailed = empty.length > 0 || (stop.asked.aborted && options.watch === undefined)
    return await opening(config.databasePath, () => run.finish(hasFailed))
  } finally {
    stop.dispose()
    try {
      // However it ends: of the files that were done, only this has all rejected rows.
      rejects?.close()
    } finally {
      await database.close()
    }
  }
}

function rejectsOf(
  { json, rejects, watch }: IngestOptions,
  inputs: readonly string[],
  databasePath: string,
): Rejects | undefined {
  if (json && rejects === STDOUT)
    throw new AppError(
      'BAD_USER_INPUT',
      '--json and --rejects - would both write to the standard output. Name a file for the rows.',
    )
  if (rejects === undefined) return undefined
  return rejectsTo(rejects, { inputs, databasePath, isLive: watch !== undefined })
}

/** Words go where the rejected rows do not. */
function reportOf({ json, rejects }: IngestOptions, { reader }: OpenDatabase): Report {
  return json ? reportToScripts() : reportToPeople(reader, rejects === STDOUT ? process.stderr : process.stdout)
}

class Run {
  readonly #database: OpenDatabase
  readonly #options: IngestOptions
  readonly #report: Report
  readonly #rejects: Rejects | undefined
  #worst: ExitCode = EXIT.ok

  constructor(database: OpenDatabase, options: IngestOptions, report: Report, rejects: Rejects | undefined) {
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
    return hasFailed ? EXIT.failed : this.#worst
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
    // A failed file weighs more than rejected rows.
    if (this.#worst !== EXIT.failed && code !== EXIT.ok) this.#worst = code
  }
}

function exitCodeOf({ ingestion, alreadyIngested, error }: IngestOutcome): ExitCode {
  if (error) return EXIT.failed
  return !alreadyIngested && ingestion && ingestion.rejected > 0 ? EXIT.someRejected : EXIT.ok
}
