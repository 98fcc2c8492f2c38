import type { Config } from '../config.ts'
import type { IngestOutcome } from '../domain/store.ts'
import { locateAnywhere } from '../process/locate.ts'
import { type OpenDatabase, openDatabase } from './database.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { printable } from './format.ts'
import { opening } from './opening.ts'
import { expandPaths } from './paths.ts'
import { RejectsFile } from './rejects.ts'
import { type Report, reportToPeople, reportToScripts } from './report.ts'
import { arrivals, requireDirectory } from './watch.ts'

export interface IngestOptions {
  /** One JSON object a file instead of tables. */
  readonly json?: boolean
  readonly dryRun?: boolean
  /** Where all rejected rows go. */
  readonly rejects?: string
  /** A directory whose files are ingested as they arrive, until the command is stopped. */
  readonly watch?: string
}

/** Ingests files one after the other and tells what became of them. */
export async function ingest(config: Config, paths: readonly string[], options: IngestOptions): Promise<ExitCode> {
  if (options.watch !== undefined) await requireDirectory(options.watch)
  const { files, empty } = await expandPaths(paths)
  for (const path of empty) process.stderr.write(`${printable(path)}: no Parquet files there\n`)
  const database = await openDatabase(config, {
    locate: locateAnywhere,
    onWaiting: () => process.stderr.write('Another program is writing to the database: waiting for it.\n'),
    onFault: stack => process.stderr.write(`${stack}\n`),
    onUpgraded: words => process.stderr.write(words),
  })
  const stop = new AbortController()
  const onSignal = () => {
    stop.abort()
    void database.supervisor.abort()
  }
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  try {
    const run = new Run(database, options, options.json ? reportToScripts() : reportToPeople(database.reader))
    await run.ingestAll(files, stop.signal)
    if (options.watch !== undefined) await run.ingestAll(arrivals(options.watch, stop.signal), stop.signal)
    const hasFailed = empty.length > 0 || (stop.signal.aborted && options.watch === undefined)
    return await opening(config.databasePath, () => run.finish(hasFailed))
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
    await database.close()
  }
}

class Run {
  readonly #database: OpenDatabase
  readonly #options: IngestOptions
  readonly #report: Report
  readonly #rejects: RejectsFile | undefined
  #worst: ExitCode = EXIT.ok

  constructor(database: OpenDatabase, options: IngestOptions, report: Report) {
    this.#database = database
    this.#options = options
    this.#report = report
    this.#rejects = options.rejects === undefined ? undefined : new RejectsFile(options.rejects)
  }

  async ingestAll(files: Iterable<string> | AsyncIterable<string>, stopped: AbortSignal): Promise<void> {
    for await (const file of files) {
      if (stopped.aborted) return
      await this.#ingestOne(file)
    }
  }

  async finish(hasFailed: boolean): Promise<ExitCode> {
    await this.#rejects?.close()
    await this.#report.allDone()
    return hasFailed ? EXIT.failed : this.#worst
  }

  async #ingestOne(file: string): Promise<void> {
    const rejects = this.#rejects
    const outcome = await this.#database.supervisor.ingest(
      { file, wait: true, dryRun: this.#options.dryRun ?? false },
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
