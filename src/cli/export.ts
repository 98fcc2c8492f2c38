import { createReadStream } from 'node:fs'
import { mkdtemp, open, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, extname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Config } from '../config.ts'
import { BadArgument } from '../domain/errors.ts'
import { EXPORT_FORMATS, type ExportFormat, type ExportSummary } from '../domain/export.ts'
import { accountList } from '../graphql/account-list.ts'
import { ListExporter } from '../process/list-exporter.ts'
import { requireCurrentDatabase } from '../storage/sqlite/identify.ts'
import { isOwnFile } from '../storage/sqlite/own-files.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { instant, number, printable } from './format.ts'
import { opening } from './opening.ts'
import { exportReaders } from './readers.ts'
import { StopSignals } from './stop-signals.ts'

export interface ExportCommand {
  /** As JSON, like the arguments of `Query.accounts`. */
  readonly filter?: string
  readonly orderBy?: string
  readonly format?: string
  /** A file, or `-` for the standard output. */
  readonly out: string
}

const STDOUT = '-'

/** Writes a whole list of accounts to a file, which is there when it is complete and not before. */
export async function exportAccounts(config: Config, command: ExportCommand): Promise<ExitCode> {
  const format = formatOf(command)
  const { filter = null, orderBy = null, out } = command
  if (isOwnFile(config.databasePath, out)) {
    throw new BadArgument(`${printable(out)} is the database itself or a part of it: choose another file.`)
  }
  const list = accountList({ filter, orderBy })
  await opening(config.databasePath, async () => requireCurrentDatabase(config.databasePath))
  const readers = exportReaders(config, what => process.stderr.write(`${what}\n`))
  const stop = new StopSignals()
  const progress = new RowsWritten()
  const exporter = new ListExporter(readers)
  const options = { signal: stop.asked, onRows: (rows: number) => progress.show(rows) }
  const write = (path: string) =>
    exporter
      .export({ ...list, format, path, maxBytes: Number.POSITIVE_INFINITY }, options)
      .finally(() => progress.end())
  try {
    const summary = out === STDOUT ? await writeToStdout(write) : await writeToFile(out, write)
    // What comes out of it is the export alone.
    const words = out === STDOUT ? process.stderr : process.stdout
    words.write(`${printable(out)}: ${describe(summary)}\n`)
    return EXIT.ok
  } finally {
    stop.dispose()
    await readers.close()
  }
}

type Write = (path: string) => Promise<ExportSummary>

/** Written beside its final name, so that the last step is to give it that. */
async function writeToFile(out: string, write: Write): Promise<ExportSummary> {
  const folder = await mkdtemp(join(dirname(out), `.${basename(out)}-`)).catch(error => {
    throw new BadArgument(`${printable(out)} cannot be written: ${wordsOf(error)}`)
  })
  try {
    const part = join(folder, 'part')
    const summary = await write(part)
    await sync(part)
    await rename(part, out)
    return summary
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function wordsOf({ code }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'its folder does not exist. Make it first.'
  if (code === 'ENOSPC') return 'its disk is full.'
  return 'this user may not write into its folder.'
}

async function writeToStdout(write: Write): Promise<ExportSummary> {
  const folder = await mkdtemp(join(tmpdir(), 'account-growth-export-'))
  try {
    const part = join(folder, 'part')
    const summary = await write(part)
    await pipeline(createReadStream(part), process.stdout, { end: false })
    return summary
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function formatOf({ format, out }: ExportCommand): ExportFormat {
  const name = (format ?? extname(out).slice(1)).toLowerCase()
  const found = EXPORT_FORMATS.find(known => known === name)
  const formats = EXPORT_FORMATS.join(', ')
  if (!found) throw new BadArgument(`"${printable(name)}" is no format: give --format one of ${formats}.`)
  if (found === 'parquet' && out === STDOUT)
    throw new BadArgument('Parquet is not for the standard output: give --out a file.')
  return found
}

function describe({ rows, bytes, asOf }: ExportSummary): string {
  return `${number(rows)} accounts, ${number(bytes)} bytes, as of ${instant(asOf)}`
}

/** A line on a terminal that counts. */
class RowsWritten {
  readonly #stream = process.stderr

  show(rows: number): void {
    if (this.#stream.isTTY) this.#stream.write(`\r  ${number(rows)} accounts`)
  }

  end(): void {
    if (this.#stream.isTTY) this.#stream.write('\r\u001b[K')
  }
}
