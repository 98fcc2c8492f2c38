import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { AppError } from '../../domain/errors.ts'
import { TemporaryFiles } from '../temporary-files.ts'

export interface ExportFileStoreOptions {
  /** Export files are created beside the database, whose disk has room for files of its size. */
  readonly databasePath: string
  readonly maxFileBytes: number
  /** The greatest number of files that are being written or sent. */
  readonly maxFiles: number
}

/** A complete file without a name: the system deletes it when it is closed. */
export interface ExportFile<Summary> {
  readonly summary: Summary
  /** Returns the bytes, once. The end of the stream, for whatever reason, closes the file. */
  stream(): Readable
  /** Closes a file that is not streamed. */
  close(): Promise<void>
}

const FOLDER = '.exports'

/** Holds export files while they are written and sent. */
export class ExportFileStore {
  readonly maxFileBytes: number
  readonly #files: TemporaryFiles
  readonly #maxFiles: number
  #count = 0

  constructor({ databasePath, maxFileBytes, maxFiles }: ExportFileStoreOptions) {
    this.maxFileBytes = maxFileBytes
    this.#maxFiles = maxFiles
    this.#files = new TemporaryFiles(join(dirname(databasePath), FOLDER), databasePath)
  }

  /** Removes what a crash has left. Call it before `create`. */
  removeLeftovers(): Promise<void> {
    return this.#files.removeLeftovers()
  }

  /**
   * @param write creates the file at a path
   * @throws AppError TOO_MANY_QUERIES if the store has no room for another file
   */
  async create<Summary>(write: (path: string) => Promise<Summary>): Promise<ExportFile<Summary>> {
    if (this.#count >= this.#maxFiles) {
      const message = `${this.#count} exports are already in progress. Try again when some are done.`
      throw new AppError('TOO_MANY_QUERIES', message)
    }
    this.#count++
    const path = join(this.#files.folder, this.#files.newName())
    try {
      await mkdir(this.#files.folder, { recursive: true, mode: 0o700 })
      const summary = await write(path)
      const handle = await open(path)
      return { summary, stream: () => this.#stream(handle), close: () => this.#close(handle) }
    } catch (error) {
      this.#count--
      throw error
    } finally {
      // An open file stays readable without a name, and a crash leaves nothing behind.
      await rm(path, { force: true })
    }
  }

  #stream(handle: FileHandle): Readable {
    return handle.createReadStream({ autoClose: true }).once('close', () => this.#count--)
  }

  async #close(handle: FileHandle): Promise<void> {
    this.#count--
    await handle.close()
  }
}
