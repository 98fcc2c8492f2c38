import { appendFileSync, closeSync, openSync, writeSync } from 'node:fs'
import { basename } from 'node:path'
import type { RejectedRow } from '../domain/ingestion.ts'
import { isSameFile } from '../storage/sqlite/files/database-files.ts'
import { INPUT_FILE_NAME } from './input-paths.ts'
import { type AtomicFile, OutputTarget, STDOUT } from './output-file.ts'

/** Writes all rejected rows, one JSON object a line. */
export interface RejectsWriter {
  open(): void
  write(file: string, rows: readonly RejectedRow[]): void
  /** @throws Error when some rows could not be written */
  close(): void
}

export interface RejectsOptions {
  /** Files to ingest. They and the database must not be overwritten. */
  readonly inputs: readonly string[]
  readonly databasePath: string
  /** Whether rows are appended as they are found, for a reader that follows the file. */
  readonly append: boolean
}

/**
 * Chooses how to write rejected rows to `path`. Touches no file yet.
 *
 * @throws AppError BAD_USER_INPUT when the path cannot be a target
 */
export function rejectsWriter(path: string, { inputs, databasePath, append }: RejectsOptions): RejectsWriter {
  if (path === STDOUT) return { open() {}, write: (...rows) => process.stdout.write(linesOf(...rows)), close() {} }
  const target = new OutputTarget('Rejected rows', path, databasePath)
  // The shell expands an unquoted `--rejects *.parquet` to input files.
  if (INPUT_FILE_NAME.test(basename(path))) throw target.invalid('it has the name of a Parquet file')
  if (inputs.some(input => isSameFile(input, path))) throw target.invalid('it is one of the input files')
  return append && target.isFile ? new AppendingWriter(target) : new ReplacingWriter(target)
}

/** Appends to the file, or to a new one if it was moved away. */
class AppendingWriter implements RejectsWriter {
  readonly #target: OutputTarget
  #error: unknown

  constructor(target: OutputTarget) {
    this.#target = target
  }

  open(): void {
    try {
      appendFileSync(this.#target.path, '')
    } catch (error) {
      throw this.#target.writeError(error)
    }
  }

  write(file: string, rows: readonly RejectedRow[]): void {
    try {
      appendFileSync(this.#target.path, linesOf(file, rows))
    } catch (error) {
      this.#error ??= error
    }
  }

  close(): void {
    if (this.#error !== undefined) throw this.#target.writeError(this.#error)
  }
}

/** Replaces a file when all rows are written, or writes to a pipe or device. */
class ReplacingWriter implements RejectsWriter {
  readonly #target: OutputTarget
  #file: AtomicFile | undefined
  #descriptor: number | undefined
  #error: unknown

  constructor(target: OutputTarget) {
    this.#target = target
  }

  open(): void {
    try {
      this.#file = this.#target.isFile ? this.#target.newFile() : undefined
      this.#descriptor = this.#file ? openSync(this.#file.path, 'wx') : openSync(this.#target.path, 'a')
    } catch (error) {
      this.#file?.dispose()
      throw this.#target.writeError(error)
    }
  }

  /** Synchronous, so that rows do not pile up in memory when the disk is slow. */
  write(file: string, rows: readonly RejectedRow[]): void {
    if (this.#error !== undefined || this.#descriptor === undefined) return
    try {
      const bytes = Buffer.from(linesOf(file, rows))
      for (let written = 0; written < bytes.length; ) written += writeSync(this.#descriptor, bytes, written)
    } catch (error) {
      // The ingestion continues; close() reports the error.
      this.#error = error
    }
  }

  close(): void {
    const descriptor = this.#descriptor
    if (descriptor === undefined) return
    this.#descriptor = undefined
    try {
      closeSync(descriptor)
      if (this.#error !== undefined) throw this.#error
    } catch (error) {
      this.#file?.dispose()
      throw this.#target.writeError(error)
    }
    if (this.#file) this.#publish(this.#file)
  }

  /** Keeps the rows when this fails: they are stored nowhere else, and their file is not ingested again. */
  #publish(file: AtomicFile): void {
    try {
      file.publish()
    } catch (error) {
      throw this.#target.writeError(error, file.path)
    }
    file.dispose()
  }
}

function linesOf(file: string, rows: readonly RejectedRow[]): string {
  const lines = rows.map(({ rowNumber, reason, column, row }) =>
    JSON.stringify({ file, rowNumber, reason, column, row: JSON.parse(row) as unknown }),
  )
  return lines.map(line => `${line}\n`).join('')
}
