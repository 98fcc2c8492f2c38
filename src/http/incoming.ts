import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, realpath, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { AppError, type UserErrorCode } from '../domain/errors.ts'
import type { LocatedFile } from '../domain/ingestor.ts'

export interface IncomingOptions {
  readonly dataDirectory: string
  /** The database that the files are for: what tells this server's files from those of another on the same directory. */
  readonly databasePath: string
  readonly maxFileBytes: number
  /** How many files may be there at a time, received or waiting for their ingestion. */
  readonly maxFiles: number
}

/** A file that was received whole. */
export interface ReceivedFile extends LocatedFile {
  /** To be called once, when nobody needs it any more. */
  remove(): Promise<void>
}

const FOLDER = '.incoming'

/** Where files that are sent lie until they are ingested: below the data directory, because that has room for files. */
export class Incoming {
  readonly #options: IncomingOptions
  readonly #prefix: string
  readonly #beingRead = new Set<Readable>()
  #files = 0

  constructor(options: IncomingOptions) {
    this.#options = options
    this.#prefix = createHash('sha256').update(resolve(options.databasePath)).digest('hex').slice(0, 16)
  }

  /** Removes what a crash has left. To be called by the only server of the database, before it receives anything. */
  async clear(): Promise<void> {
    const folder = join(this.#options.dataDirectory, FOLDER)
    const names = await readdir(folder).catch(() => [])
    const left = names.filter(name => name.startsWith(this.#prefix))
    await Promise.all(left.map(name => rm(join(folder, name), { force: true })))
  }

  /** @throws AppError FILE_TOO_LARGE, QUEUE_FULL when it can be told already that a file of this size cannot be received */
  requireRoom(bytes: number): void {
    if (bytes > this.#options.maxFileBytes) throw tooLarge(this.#options.maxFileBytes)
    if (this.#files < this.#options.maxFiles) return
    throw new AppError('QUEUE_FULL', `${this.#files} files are being taken already. Try again when some are done.`)
  }

  /**
   * Stores a body to its end. What has been stored of one that does not get there is removed.
   *
   * @param fileName what its sender calls it
   * @throws AppError FILE_TOO_LARGE, DATABASE_FULL, DATABASE_READ_ONLY
   * @throws AppError BAD_USER_INPUT when it breaks off
   */
  async receive(body: Readable, fileName: string): Promise<ReceivedFile> {
    this.#files++
    this.#beingRead.add(body)
    let path: string | undefined
    const remove = async () => {
      this.#files--
      // What cannot be removed now is, at the next start.
      if (path !== undefined) await rm(path, { force: true }).catch(() => {})
    }
    try {
      path = join(await this.#folder(), `${this.#prefix}-${randomUUID()}`)
      await store(body, path, this.#options.maxFileBytes)
      return { path, fileName, remove }
    } catch (error) {
      await remove()
      throw refusalOf(error)
    } finally {
      this.#beingRead.delete(body)
    }
  }

  /** Gives up what has not been received whole. */
  abort(): void {
    for (const body of this.#beingRead) body.destroy()
  }

  /** @returns its real path, made when it is not there yet */
  async #folder(): Promise<string> {
    await mkdir(join(this.#options.dataDirectory, FOLDER), { recursive: true, mode: 0o700 })
    const root = await realpath(this.#options.dataDirectory)
    const folder = await realpath(join(root, FOLDER))
    if (folder !== join(root, FOLDER)) throw new Error(`${join(root, FOLDER)} is a link: nothing is stored there`)
    return folder
  }
}

async function store(body: Readable, path: string, maxBytes: number): Promise<void> {
  const handle = await open(path, 'wx', 0o600)
  try {
    let bytes = 0
    // A body that is left in the middle stays open, so that its sender can be answered.
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      bytes += chunk.length
      if (bytes > maxBytes) throw tooLarge(maxBytes)
      await writeAll(handle, chunk)
    }
  } finally {
    await handle.close()
  }
}

async function writeAll(handle: FileHandle, chunk: Buffer): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    written += (await handle.write(chunk, written)).bytesWritten
  }
}

function tooLarge(maxBytes: number): AppError {
  const message = `The file has more than the ${maxBytes} bytes that are allowed. Split it, or raise INGEST_MAX_FILE_BYTES.`
  return new AppError('FILE_TOO_LARGE', message)
}

const FULL: readonly [UserErrorCode, string] = [
  'DATABASE_FULL',
  'There is no space left in the data directory to receive the file. Free some and send it again.',
]
const READ_ONLY: readonly [UserErrorCode, string] = [
  'DATABASE_READ_ONLY',
  'The data directory cannot be written to, so no file can be received. Check its permissions and its disk.',
]
const BROKEN_OFF = 'The body broke off before its end. Send the file again.'

const REFUSALS: Readonly<Record<string, readonly [UserErrorCode, string]>> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EFBIG: FULL,
  EROFS: READ_ONLY,
  EACCES: READ_ONLY,
  EPERM: READ_ONLY,
  // A file stands where a folder should be.
  EEXIST: READ_ONLY,
  ENOTDIR: READ_ONLY,
}

function refusalOf(error: unknown): unknown {
  const { code = '' } = error as NodeJS.ErrnoException
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') return new AppError('BAD_USER_INPUT', BROKEN_OFF)
  const refusal = REFUSALS[code]
  return refusal ? new AppError(...refusal) : error
}
