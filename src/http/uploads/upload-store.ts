import { type FileHandle, mkdir, open, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { AppError, type UserErrorCode } from '../../domain/errors.ts'
import type { LocatedFile } from '../../domain/ingestor.ts'
import { TemporaryFiles } from '../temporary-files.ts'

export interface UploadStoreOptions {
  readonly dataDirectory: string
  /** Distinguishes this server's files from those of another server with the same data directory. */
  readonly databasePath: string
  readonly maxFileBytes: number
  /** The greatest number of files that are being received or wait for their ingestion. */
  readonly maxFiles: number
}

export interface StoredUpload extends LocatedFile {
  /** Call it once, when the file is no longer needed. */
  remove(): Promise<void>
}

const FOLDER = '.incoming'

/** Stores uploaded files in the data directory until they are ingested. */
export class UploadStore {
  readonly #options: UploadStoreOptions
  readonly #files: TemporaryFiles
  readonly #bodies = new Set<Readable>()
  #count = 0

  constructor(options: UploadStoreOptions) {
    this.#options = options
    this.#files = new TemporaryFiles(join(options.dataDirectory, FOLDER), options.databasePath)
  }

  /** Removes what a crash has left. Call it before `store`. */
  removeLeftovers(): Promise<void> {
    return this.#files.removeLeftovers()
  }

  /** @throws AppError FILE_TOO_LARGE, QUEUE_FULL if the store has no room for a file of this size */
  requireRoom(bytes: number): void {
    if (bytes > this.#options.maxFileBytes) throw fileTooLarge(this.#options.maxFileBytes)
    if (this.#count < this.#options.maxFiles) return
    throw new AppError('QUEUE_FULL', `${this.#count} files are already queued. Try again when some are ingested.`)
  }

  /**
   * Stores a request body. Removes what has been stored if that fails.
   *
   * @param fileName the client's name of the file
   * @throws AppError FILE_TOO_LARGE, DATABASE_FULL, DATABASE_READ_ONLY
   * @throws AppError BAD_USER_INPUT if the body ends early
   */
  async store(body: Readable, fileName: string): Promise<StoredUpload> {
    this.#count++
    this.#bodies.add(body)
    let path: string | undefined
    const remove = async () => {
      this.#count--
      // If it fails, the next start removes the file.
      if (path !== undefined) await rm(path, { force: true }).catch(() => {})
    }
    try {
      path = join(await this.#createFolder(), this.#files.newName())
      await writeBody(body, path, this.#options.maxFileBytes)
      return { path, fileName, remove }
    } catch (error) {
      await remove()
      throw toAppError(error)
    } finally {
      this.#bodies.delete(body)
    }
  }

  /** Aborts the uploads whose body is incomplete. */
  abort(): void {
    for (const body of this.#bodies) body.destroy()
  }

  /** Creates the folder if necessary, and returns its real path. */
  async #createFolder(): Promise<string> {
    await mkdir(this.#files.folder, { recursive: true, mode: 0o700 })
    const expected = join(await realpath(this.#options.dataDirectory), FOLDER)
    if ((await realpath(expected)) === expected) return expected
    throw new Error(`${expected} is a symbolic link: the server does not store uploads through it`)
  }
}

async function writeBody(body: Readable, path: string, maxBytes: number): Promise<void> {
  const handle = await open(path, 'wx', 0o600)
  try {
    let bytes = 0
    // A body that is too large stays open, so that the client can read the response.
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      bytes += chunk.length
      if (bytes > maxBytes) throw fileTooLarge(maxBytes)
      await writeChunk(handle, chunk)
    }
  } finally {
    await handle.close()
  }
}

async function writeChunk(handle: FileHandle, chunk: Buffer): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    written += (await handle.write(chunk, written)).bytesWritten
  }
}

function fileTooLarge(maxBytes: number): AppError {
  const message = `The file exceeds the limit of ${maxBytes} bytes. Split it, or raise INGEST_MAX_FILE_BYTES.`
  return new AppError('FILE_TOO_LARGE', message)
}

const NO_SPACE: readonly [UserErrorCode, string] = [
  'DATABASE_FULL',
  'The disk of the data directory has no space for the file. Free some space and send the file again.',
]
const NOT_WRITABLE: readonly [UserErrorCode, string] = [
  'DATABASE_READ_ONLY',
  'The server cannot write to the data directory. Check its permissions and its disk.',
]

const FILE_SYSTEM_ERRORS: Readonly<Record<string, readonly [UserErrorCode, string]>> = {
  ENOSPC: NO_SPACE,
  EDQUOT: NO_SPACE,
  EFBIG: NO_SPACE,
  EROFS: NOT_WRITABLE,
  EACCES: NOT_WRITABLE,
  EPERM: NOT_WRITABLE,
  // A file exists in the place of a folder.
  EEXIST: NOT_WRITABLE,
  ENOTDIR: NOT_WRITABLE,
}

function toAppError(error: unknown): unknown {
  const { code = '' } = error as NodeJS.ErrnoException
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return new AppError('BAD_USER_INPUT', 'The request body ended before the file was complete. Send it again.')
  }
  const known = FILE_SYSTEM_ERRORS[code]
  return known ? new AppError(...known) : error
}
