import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { AppError } from '../domain/errors.ts'

export interface OutgoingOptions {
  /** The exports of a database lie beside it, where there is room for files of its size. */
  readonly databasePath: string
  readonly maxFileBytes: number
  /** How many may be there at a time, being written or being sent. */
  readonly maxFiles: number
}

/** A file that was written and is to be sent: it has no name any more, and is gone when it is closed. */
export interface OutgoingFile<Summary> {
  readonly summary: Summary
  /** Its bytes, to be read once; the end of the stream, of whatever kind, closes the file. */
  stream(): Readable
  /** For who does not read it. */
  close(): Promise<void>
}

const FOLDER = '.exports'

/** Where exports are written before they are sent. */
export class Outgoing {
  readonly maxFileBytes: number
  readonly #folder: string
  readonly #prefix: string
  readonly #maxFiles: number
  #files = 0

  constructor({ databasePath, maxFileBytes, maxFiles }: OutgoingOptions) {
    this.maxFileBytes = maxFileBytes
    this.#maxFiles = maxFiles
    this.#folder = join(dirname(databasePath), FOLDER)
    this.#prefix = createHash('sha256').update(resolve(databasePath)).digest('hex').slice(0, 16)
  }

  /** Removes what a crash has left. To be called by the only server of the database, before it writes anything. */
  async clear(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => [])
    const left = names.filter(name => name.startsWith(this.#prefix))
    await Promise.all(left.map(name => rm(join(this.#folder, name), { force: true })))
  }

  /**
   * @param write makes the file at a path
   * @throws AppError TOO_MANY_QUERIES when there are too many already
   */
  async make<Summary>(write: (path: string) => Promise<Summary>): Promise<OutgoingFile<Summary>> {
    if (this.#files >= this.#maxFiles) throw tooMany(this.#files)
    this.#files++
    const path = join(this.#folder, `${this.#prefix}-${randomUUID()}`)
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 })
      const summary = await write(path)
      const handle = await open(path)
      return { summary, stream: () => this.#stream(handle), close: () => this.#close(handle) }
    } catch (error) {
      this.#files--
      throw error
    } finally {
      // What is open stays readable. So a crash from now on leaves nothing.
      await rm(path, { force: true })
    }
  }

  #stream(handle: FileHandle): Readable {
    return handle.createReadStream({ autoClose: true }).once('close', () => this.#files--)
  }

  async #close(handle: FileHandle): Promise<void> {
    this.#files--
    await handle.close()
  }
}

function tooMany(files: number): AppError {
  const message = `${files} exports are being written or sent already. Ask again when some are done.`
  return new AppError('TOO_MANY_QUERIES', message)
}
