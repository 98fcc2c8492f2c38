import { appendFileSync, closeSync, openSync, writeSync } from 'node:fs'
import { basename } from 'node:path'
import type { RejectedRow } from '../domain/ingestion.ts'
import { isSameFile } from '../storage/sqlite/files/database-files.ts'
import { type NewFile, OutputPlace, STDOUT } from './output.ts'
import { DROP_NAME } from './paths.ts'

/** What takes all rejected rows, one JSON object a line. */
export interface Rejects {
  open(): void
  write(file: string, rows: readonly RejectedRow[]): void
  /** @throws when not everything could be written */
  close(): void
}

export interface RejectsOptions {
  /** What is ingested, and the database: none of it may be written over. */
  readonly inputs: readonly string[]
  readonly databasePath: string
  /** Whether they are for who reads along: added to what is there as they come. */
  readonly isLive: boolean
}

/**
 * Judges where rejected rows are to go, and touches nothing yet.
 *
 * @throws AppError BAD_USER_INPUT when it is no place for them
 */
export function rejectsTo(path: string, { inputs, databasePath, isLive }: RejectsOptions): Rejects {
  if (path === STDOUT) return { open() {}, write: (...rows) => process.stdout.write(linesOf(...rows)), close() {} }
  const place = new OutputPlace('Rejected rows', path, databasePath)
  // Left to the shell, a pattern becomes names of inputs, and the first of them would be taken for this one.
  if (DROP_NAME.test(basename(path))) throw place.refused('its name is that of a Parquet file')
  if (inputs.some(input => isSameFile(input, path))) throw place.refused('it is to be ingested')
  return isLive && place.isFile ? new LiveRejects(place) : new RejectsFile(place)
}

/** Added to what is there, or to a new file if that was moved away meanwhile. */
class LiveRejects implements Rejects {
  readonly #place: OutputPlace
  #fault: unknown

  constructor(place: OutputPlace) {
    this.#place = place
  }

  open(): void {
    try {
      appendFileSync(this.#place.path, '')
    } catch (error) {
      throw this.#place.notWritten(error)
    }
  }

  write(file: string, rows: readonly RejectedRow[]): void {
    try {
      appendFileSync(this.#place.path, linesOf(file, rows))
    } catch (error) {
      this.#fault ??= error
    }
  }

  close(): void {
    if (this.#fault !== undefined) throw this.#place.notWritten(this.#fault)
  }
}

/** A file that gets its name when it is whole, or what is no file. */
class RejectsFile implements Rejects {
  readonly #place: OutputPlace
  #file: NewFile | undefined
  #handle: number | undefined
  #fault: unknown

  constructor(place: OutputPlace) {
    this.#place = place
  }

  open(): void {
    try {
      this.#file = this.#place.isFile ? this.#place.newFile() : undefined
      this.#handle = this.#file ? openSync(this.#file.path, 'wx') : openSync(this.#place.path, 'a')
    } catch (error) {
      this.#file?.dispose()
      throw this.#place.notWritten(error)
    }
  }

  /** Waits for the disk: rows that come faster than it takes them are not heaped up here. */
  write(file: string, rows: readonly RejectedRow[]): void {
    if (this.#fault !== undefined || this.#handle === undefined) return
    try {
      const bytes = Buffer.from(linesOf(file, rows))
      for (let written = 0; written < bytes.length; ) written += writeSync(this.#handle, bytes, written)
    } catch (error) {
      // The ingestion goes on: it is told of at the end.
      this.#fault = error
    }
  }

  close(): void {
    const handle = this.#handle
    if (handle === undefined) return
    this.#handle = undefined
    try {
      closeSync(handle)
      if (this.#fault !== undefined) throw this.#fault
    } catch (error) {
      this.#file?.dispose()
      throw this.#place.notWritten(error)
    }
    if (this.#file) this.#publish(this.#file)
  }

  /** The rows are nowhere else, and their file is not ingested twice. */
  #publish(file: NewFile): void {
    try {
      file.publish()
    } catch (error) {
      throw this.#place.notWritten(error, file.path)
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
