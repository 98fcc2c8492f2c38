import { Refusal, type UserError } from '../domain/errors.ts'
import type { IngestRequest, LocatedFile } from '../domain/store.ts'
import { type HashedFile, hashDrop } from '../ingest/drop.ts'
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
  #count = 0

  constructor(options: ArrivalOptions) {
    this.#options = options
  }

  /** Files that are on their way into the queue. */
  get count(): number {
    return this.#count
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
    try {
      const { path, fileName } = isNamed ? await this.#options.locate(file) : file
      return { file: await hashDrop(path, isNamed ? file : fileName, this.#options.maxFileBytes), fileName }
    } catch (error) {
      if (error instanceof Refusal) return { ...error.toUserError(), field: isNamed ? ['input', 'file'] : null }
      throw error
    }
  }
}
