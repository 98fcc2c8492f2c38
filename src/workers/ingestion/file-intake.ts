import PQueue from 'p-queue'
import { AppError, type UserError } from '../../domain/errors.ts'
import type { IngestRequest, LocatedFile } from '../../domain/ingestor.ts'
import { type HashedFile, hashFile } from '../../ingestion/input-file.ts'

export interface FileIntakeOptions {
  readonly maxFileBytes: number
  /** Finds the file that a request names. Throws an AppError when there is none that may be read. */
  readonly locate: (file: string) => Promise<LocatedFile>
}

export interface AcceptedFile {
  readonly file: HashedFile
  /** The name in the ledger. */
  readonly fileName: string
}

/** More files at once would only compete for the disk and take processor time from queries. */
const MAX_HASHED_AT_ONCE = 2

/** Locates and hashes the files of requests before they are queued, a few at a time. */
export class FileIntake {
  readonly #options: FileIntakeOptions
  readonly #queue = new PQueue({ concurrency: MAX_HASHED_AT_ONCE })
  readonly #stop = new AbortController()
  #count = 0
  #stopReason: UserError | undefined

  constructor(options: FileIntakeOptions) {
    this.#options = options
  }

  /** How many files are being hashed or wait for that. */
  get count(): number {
    return this.#count
  }

  /** The error that files are refused with since `stop`. */
  get stopReason(): UserError | undefined {
    return this.#stopReason
  }

  /** Refuses every file that is not hashed yet, now and later. */
  stop(reason: UserError): void {
    this.#stopReason ??= reason
    this.#stop.abort(new AppError(reason.code, reason.message))
  }

  /** @throws AppError when the file is refused */
  async accept(file: IngestRequest['file']): Promise<AcceptedFile> {
    this.#count++
    try {
      return await this.#queue.add(() => this.#hash(file))
    } finally {
      this.#count--
    }
  }

  async #hash(file: IngestRequest['file']): Promise<AcceptedFile> {
    const { signal } = this.#stop
    signal.throwIfAborted()
    const { path, fileName } = typeof file === 'string' ? await this.#options.locate(file) : file
    const name = typeof file === 'string' ? file : fileName
    return { file: await hashFile(path, name, this.#options.maxFileBytes, signal), fileName }
  }
}
