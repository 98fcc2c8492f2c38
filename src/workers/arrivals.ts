import { AppError, isFileErrorCode, isUserError, toUserError, type UserError } from '../domain/errors.ts'
import type { IngestRequest, LocatedFile } from '../domain/ingestor.ts'
import { type HashedFile, hashDrop } from '../ingestion/drop.ts'
import { Slots } from './slots.ts'

export interface ArrivalOptions {
  readonly maxFileBytes: number
  /** Finds the file that a request names, or refuses it. */
  readonly locate: (file: string) => Promise<LocatedFile>
}

/** A file whose bytes are known. */
export interface Arrival {
  readonly file: HashedFile
  /** What the ledger calls it. */
  readonly fileName: string
}

/** More would only take turns on the disk, and the cores are for queries. */
const MAX_HASHED_AT_ONCE = 2

/** Finds and hashes the files of requests, a few at a time. */
export class Arrivals {
  readonly #options: ArrivalOptions
  readonly #hashing = new Slots(MAX_HASHED_AT_ONCE)
  readonly #stop = new AbortController()
  #count = 0
  #stopped: UserError | undefined

  constructor(options: ArrivalOptions) {
    this.#options = options
  }

  /** Files that are on their way into the queue. */
  get count(): number {
    return this.#count
  }

  /** Why no file is taken any more. */
  get stopped(): UserError | undefined {
    return this.#stopped
  }

  /** Refuses what is being hashed, what waits for that, and whatever comes later. */
  stop(why: UserError): void {
    this.#stopped ??= why
    this.#stop.abort(new AppError(why.code, why.message))
  }

  async take(file: IngestRequest['file']): Promise<Arrival | UserError> {
    this.#count++
    try {
      return await this.#hashing.run(() => this.#hash(file))
    } finally {
      this.#count--
    }
  }

  async #hash(file: IngestRequest['file']): Promise<Arrival | UserError> {
    const isNamed = typeof file === 'string'
    const { signal } = this.#stop
    try {
      signal.throwIfAborted()
      const { path, fileName } = isNamed ? await this.#options.locate(file) : file
      return { file: await hashDrop(path, isNamed ? file : fileName, this.#options.maxFileBytes, signal), fileName }
    } catch (error) {
      if (!isUserError(error)) throw error
      const field = isNamed && isFileErrorCode(error.code) ? ['input', 'file'] : null
      return { ...toUserError(error), field }
    }
  }
}
