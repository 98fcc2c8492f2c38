import { randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, openSync, renameSync, rmSync, type Stats, writeSync } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { BadArgument } from '../domain/errors.ts'
import type { RejectedRow } from '../domain/ingestion.ts'
import { isOwnFile, isSameFile } from '../storage/sqlite/own-files.ts'
import { printable } from './format.ts'
import { DROP_NAME } from './paths.ts'

/** What takes all rejected rows, one JSON object a line. */
export interface Rejects {
  open(): void
  write(file: string, rows: readonly RejectedRow[]): void
  /** @throws when not everything could be written */
  close(): void
}

/** What an ingestion reads and writes: none of it may be written over. */
export interface InUse {
  readonly inputs: readonly string[]
  readonly databasePath: string
}

/** Stands for the standard output. */
export const STDOUT = '-'

/**
 * Judges where rejected rows are to go, and touches nothing yet.
 *
 * @throws BadArgument when it is no place for them
 */
export async function rejectsTo(path: string, inUse: InUse): Promise<Rejects> {
  if (path === STDOUT) return { open() {}, write: (...rows) => process.stdout.write(linesOf(...rows)), close() {} }
  const found = await stat(path).catch(() => undefined)
  await requireFree(path, found, inUse)
  return new RejectsFile(path, found && !found.isFile() ? undefined : await realpath(path).catch(() => path), found)
}

async function requireFree(path: string, found: Stats | undefined, { inputs, databasePath }: InUse): Promise<void> {
  if (isOwnFile(databasePath, path)) throw refused(path, 'it is the database itself or a part of it')
  // Left to the shell, a pattern becomes names of inputs, and the first of them would be taken for this one.
  if (DROP_NAME.test(basename(path))) throw refused(path, 'its name is that of a Parquet file')
  if (found?.isDirectory()) throw refused(path, 'it is a folder')
  if (!(await stat(dirname(path)).catch(() => undefined))) throw refused(path, 'its folder does not exist')
  if (found && inputs.some(input => isSameFile(input, path))) throw refused(path, 'it is to be ingested')
}

/** A file that gets its name when it is whole; what is no file, such as a pipe, is written to as it is. */
class RejectsFile implements Rejects {
  readonly #path: string
  readonly #target: string | undefined
  readonly #partial: string
  readonly #mode: number
  #handle: number | undefined
  #fault: unknown

  constructor(path: string, target: string | undefined, found: Stats | undefined) {
    this.#path = path
    this.#target = target
    this.#partial = target === undefined ? path : join(dirname(target), `.${basename(target)}-${randomUUID()}`)
    this.#mode = found?.mode ?? 0o666
  }

  open(): void {
    try {
      this.#handle = openSync(this.#partial, this.#target === undefined ? 'a' : 'wx', this.#mode & 0o777)
    } catch (error) {
      throw notWritten(this.#path, error)
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
      if (this.#fault !== undefined) throw this.#fault
      if (this.#target !== undefined) fsyncSync(handle)
      closeSync(handle)
      if (this.#target !== undefined) renameSync(this.#partial, this.#target)
    } catch (error) {
      if (this.#target !== undefined) rmSync(this.#partial, { force: true })
      throw notWritten(this.#path, error)
    }
  }
}

function linesOf(file: string, rows: readonly RejectedRow[]): string {
  const lines = rows.map(({ rowNumber, reason, column, row }) =>
    JSON.stringify({ file, rowNumber, reason, column, row: JSON.parse(row) as unknown }),
  )
  return lines.map(line => `${line}\n`).join('')
}

function refused(path: string, why: string): BadArgument {
  return new BadArgument(
    `Rejected rows cannot go to ${printable(path)}: ${why}. Name another file, or - for the standard output.`,
  )
}

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
  EACCES: 'it may not be written there',
  EPERM: 'it may not be written there',
  EROFS: 'the disk cannot be written to',
  EPIPE: 'nobody reads it any more',
}

function notWritten(path: string, error: unknown): Error {
  const { code = '', message } = error as NodeJS.ErrnoException
  const why = WORDS[code] ?? message
  return new Error(`The rejected rows could not be written to ${printable(path)}: ${why}.`, { cause: error })
}
