import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Config } from '../config/config.ts'
import { AppError } from '../domain/errors.ts'
import { EXPORT_FORMATS, type ExportFormat, type ExportSummary } from '../domain/exporter.ts'
import { parseListArguments } from '../graphql/json-arguments.ts'
import { requireCurrentDatabase } from '../storage/sqlite/database.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { instant, number, printable } from './format.ts'
import { opening } from './opening.ts'
import { type NewFile, notWritten, OutputPlace, outputName, STDOUT } from './output.ts'
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

const WHAT = 'The export'

/** Writes a whole list of accounts to a file, which is there when it is complete and not before. */
export async function exportAccounts(config: Config, given: ExportCommand): Promise<ExitCode> {
  const command = { ...given, out: outputName(given.out) }
  const format = formatOf(command)
  const { filter = null, orderBy = null, out } = command
  const place = out === STDOUT ? undefined : new OutputPlace(WHAT, out, config.databasePath)
  const list = parseListArguments({ filter, orderBy })
  await opening(config.databasePath, async () => requireCurrentDatabase(config.databasePath))
  const readers = exportReaders(config, what => process.stderr.write(`${what}\n`))
  const stop = new StopSignals()
  const progress = new RowsWritten()
  const options = { signal: stop.asked, onRows: (rows: number) => progress.show(rows) }
  const write = (path: string) =>
    readers.export({ ...list, format, path, maxBytes: Number.POSITIVE_INFINITY }, options).finally(() => progress.end())
  try {
    const summary = place?.isFile ? await writeToFile(place, write) : await writeThrough(out, write)
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

async function writeToFile(place: OutputPlace, write: Write): Promise<ExportSummary> {
  const file = begun(place)
  try {
    const summary = await write(file.path)
    publish(place, file)
    return summary
  } finally {
    file.dispose()
  }
}

function publish(place: OutputPlace, file: NewFile): void {
  try {
    file.publish()
  } catch (error) {
    throw place.notWritten(error)
  }
}

function begun(place: OutputPlace): NewFile {
  try {
    return place.newFile()
  } catch (error) {
    throw place.notWritten(error)
  }
}

/** To what cannot be taken back: only once it is whole. */
async function writeThrough(out: string, write: Write): Promise<ExportSummary> {
  const folder = await mkdtemp(join(tmpdir(), 'account-growth-export-'))
  try {
    const part = join(folder, 'part')
    const summary = await write(part)
    const sink = out === STDOUT ? process.stdout : createWriteStream(out, { flags: 'a' })
    await pipeline(createReadStream(part), sink, { end: sink !== process.stdout }).catch(error => {
      throw notWritten(WHAT, out, error)
    })
    return summary
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function formatOf({ format, out }: ExportCommand): ExportFormat {
  const name = (format ?? extname(out).slice(1)).toLowerCase()
  const found = EXPORT_FORMATS.find(known => known === name)
  const formats = EXPORT_FORMATS.join(', ')
  if (!found)
    throw new AppError('BAD_USER_INPUT', `"${printable(name)}" is no format: give --format one of ${formats}.`)
  if (found === 'parquet' && out === STDOUT)
    throw new AppError('BAD_USER_INPUT', 'Parquet is not for the standard output: give --out a file.')
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
