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
import { exportReaders, withDatabaseName } from './database.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { instant, number, printable } from './format.ts'
import { type AtomicFile, normalizeTarget, OutputTarget, STDOUT, writeError } from './output-file.ts'
import { ShutdownSignals } from './shutdown.ts'

export interface ExportCommand {
  /** JSON of the arguments of `Query.accounts`. */
  readonly filter?: string
  readonly orderBy?: string
  readonly format?: string
  /** A file, or `-` for standard output. */
  readonly out: string
}

const CONTENT = 'The export'

/** Writes a complete list of accounts to a file, which appears only when it is complete. */
export async function exportAccounts(config: Config, given: ExportCommand): Promise<ExitCode> {
  const command = { ...given, out: normalizeTarget(given.out) }
  const format = formatOf(command)
  const { filter = null, orderBy = null, out } = command
  const target = out === STDOUT ? undefined : new OutputTarget(CONTENT, out, config.databasePath)
  const list = parseListArguments({ filter, orderBy })
  await withDatabaseName(config.databasePath, async () => requireCurrentDatabase(config.databasePath))
  const readers = exportReaders(config, message => process.stderr.write(`${message}\n`))
  const signals = new ShutdownSignals()
  const progress = new RowCounter()
  const options = { signal: signals.requested, onRows: (rows: number) => progress.show(rows) }
  const write = (path: string) =>
    readers.export({ ...list, format, path, maxBytes: Number.POSITIVE_INFINITY }, options).finally(() => progress.end())
  try {
    const summary = target?.isFile ? await writeToFile(target, write) : await writeToStream(out, write)
    const messages = out === STDOUT ? process.stderr : process.stdout
    messages.write(`${printable(out)}: ${describe(summary)}\n`)
    return EXIT.ok
  } finally {
    signals.dispose()
    await readers.close()
  }
}

type Write = (path: string) => Promise<ExportSummary>

async function writeToFile(target: OutputTarget, write: Write): Promise<ExportSummary> {
  const file = createFile(target)
  try {
    const summary = await write(file.path)
    publish(target, file)
    return summary
  } finally {
    file.dispose()
  }
}

function publish(target: OutputTarget, file: AtomicFile): void {
  try {
    file.publish()
  } catch (error) {
    throw target.writeError(error)
  }
}

function createFile(target: OutputTarget): AtomicFile {
  try {
    return target.newFile()
  } catch (error) {
    throw target.writeError(error)
  }
}

/** Writes to a pipe or device. It gets nothing until the export is complete, because output cannot be taken back. */
async function writeToStream(out: string, write: Write): Promise<ExportSummary> {
  const folder = await mkdtemp(join(tmpdir(), 'account-growth-export-'))
  try {
    const part = join(folder, 'part')
    const summary = await write(part)
    const sink = out === STDOUT ? process.stdout : createWriteStream(out, { flags: 'a' })
    await pipeline(createReadStream(part), sink, { end: sink !== process.stdout }).catch(error => {
      throw writeError(CONTENT, out, error)
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
    throw new AppError(
      'BAD_USER_INPUT',
      `The format "${printable(name)}" is not supported. Set --format to one of ${formats}.`,
    )
  if (found === 'parquet' && out === STDOUT)
    throw new AppError('BAD_USER_INPUT', 'Parquet cannot be written to standard output. Name a file with --out.')
  return found
}

function describe({ rows, bytes, asOf }: ExportSummary): string {
  return `${number(rows)} accounts, ${number(bytes)} bytes, as of ${instant(asOf)}`
}

/** A line on the terminal that shows the number of rows. */
class RowCounter {
  readonly #stream = process.stderr

  show(rows: number): void {
    if (this.#stream.isTTY) this.#stream.write(`\r  ${number(rows)} accounts`)
  }

  end(): void {
    if (this.#stream.isTTY) this.#stream.write('\r\u001b[K')
  }
}
