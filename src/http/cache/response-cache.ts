import { LRUCache } from 'lru-cache'
import type { ExecutedOperation } from '../observability/operations.ts'

/** A response to a query, as it is sent again. */
export interface CachedResponse {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** Of a response to GET. */
  readonly etag: string | undefined
  /** What logs and metrics report of the operation each time. */
  readonly operation: ExecutedOperation
}

export interface ResponseCacheOptions {
  /** The size of keys and bodies together; 0 disables the cache. */
  readonly maxBytes: number
  /** Returns another number after each commit to the database, of any process. */
  readonly dataVersion: () => number
}

/** The approximate size of an entry besides its texts. */
const ENTRY_BYTES = 1_000

/** Caches responses until something is committed to the database: docs/adr/0008-response-cache.md. */
export class ResponseCache {
  readonly #responses: LRUCache<string, CachedResponse> | undefined
  readonly #dataVersion: () => number
  #version = Number.NaN
  #hits = 0
  #misses = 0

  constructor({ maxBytes, dataVersion }: ResponseCacheOptions) {
    this.#dataVersion = dataVersion
    if (maxBytes === 0) return
    this.#responses = new LRUCache({ maxSize: maxBytes, sizeCalculation: (response, key) => sizeOf(key, response) })
  }

  /** Returns the current version of the data. Evicts all responses of another version. */
  version(): number {
    const version = this.#dataVersion()
    if (version !== this.#version) this.#responses?.clear()
    this.#version = version
    return version
  }

  /** Returns the response to the same request at the current version of the data. */
  get(key: string): CachedResponse | undefined {
    this.version()
    const cached = this.#responses?.get(key)
    if (cached) this.#hits++
    else this.#misses++
    return cached
  }

  /**
   * Stores a response, unless the data has changed since the query started.
   *
   * @param startVersion the version of the data when the query started
   */
  set(key: string, startVersion: number, response: CachedResponse): void {
    if (this.version() === startVersion) this.#responses?.set(key, response)
  }

  /** Lookups since the start, and the current contents. */
  get statistics() {
    const { size: responses = 0, calculatedSize: bytes = 0 } = this.#responses ?? {}
    return { hits: this.#hits, misses: this.#misses, responses, bytes }
  }
}

/** A JavaScript string takes up to two bytes a character. */
function sizeOf(key: string, { body, operation }: CachedResponse): number {
  return ENTRY_BYTES + 2 * (key.length + (operation.text?.length ?? 0)) + body.length
}
