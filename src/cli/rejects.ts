import { closeSync, openSync, writeSync } from 'node:fs'
import { basename } from 'node:path'
import type { RejectedRow } from '../domain/ingestion.ts'
import { isSameFile } from '../storage/sqlite/own-files.ts'
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
 * @throws BadArgument when it is no place for them
 */
export function rejectsTo(path: string, { inputs, databasePath, isLive }: RejectsOptions): Rejects {
  if (path === STDOUT) return { open() {}, write: (...rows) => process.stdout.write(linesOf(...rows)), close() {} }
  const place = new OutputPlace('Rejected rows', path, databasePath)
  // Left to the shell, a pattern becomes names of inputs, and the first of them would be taken for this one.
  if (DROP_NAME.test(basename(path))) throw place.refused('its name is that of a Parquet file')
  if (inputs.some(input => isSameFile(input, path))) throw place.refused('it is to be ingested')
  return new RejectsFile(place, isLive)
}

/** A file that gets its name when it is whole, unless it is read along, or is no file. */
class RejectsFile implements Rejects {
  readonly #place: OutputPlace
  readonly #isNew: boolean
  #file: NewFile | undefined
  #handle: number | undefined
  #fault: unknown

  constructor(place: OutputPlace, isLive: boolean) {
    this.#place = place
    this.#isNew = place.isFile && !isLive
  }

  open(): void {
    try {
      this.#file = this.#isNew ? this.#place.newFile() : undefined
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
    if (this.#handle === undefined) return
    try {
      closeSync(this.#handle)
      if (this.#fault !== undefined) throw this.#fault
      this.#file?.publish()
    } catch (error) {
      throw this.#place.notWritten(error)
    } finally {
      this.#handle = undefined
      this.#file?.dispose()
    }
  }
}

function linesOf(file: string, rows: readonly RejectedRow[]): string {
  const lines = rows.map(({ rowNumber, reason, column, row }) =>
    JSON.stringify({ file, rowNumber, reason, column, row: JSON.parse(row) as unknown }),
  )
  return lines.map(line => `${line}\n`).join('')
}
