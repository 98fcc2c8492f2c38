import { LRUCache } from 'lru-cache'
import type { ExecutedOperation } from '../operations.ts'

/** An answer as it is sent again. */
export interface KeptAnswer {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** Of what GET answers. */
  readonly etag: string | undefined
  /** What is told of the operation each time. */
  readonly operation: ExecutedOperation
}

export interface ResponseCacheOptions {
  /** Of keys and bodies together; 0 keeps nothing. */
  readonly maxBytes: number
  /** Another number whenever anything has been committed to the database, by whatever process. */
  readonly dataVersion: () => number
}

/** What is kept of an answer besides its texts, roughly. */
const ENTRY_BYTES = 1_000

/**
 * Answers that hold for as long as nothing is committed. docs/adr/0008-response-cache.md says which they are and why
 * they are never out of date.
 */
export class ResponseCache {
  readonly #answers: LRUCache<string, KeptAnswer> | undefined
  readonly #dataVersion: () => number
  #version = Number.NaN
  #hits = 0
  #misses = 0

  constructor({ maxBytes, dataVersion }: ResponseCacheOptions) {
    this.#dataVersion = dataVersion
    if (maxBytes === 0) return
    this.#answers = new LRUCache({ maxSize: maxBytes, sizeCalculation: (answer, key) => bytesOf(key, answer) })
  }

  /** The present version of the data. What was kept of another is forgotten. */
  version(): number {
    const version = this.#dataVersion()
    if (version !== this.#version) this.#answers?.clear()
    this.#version = version
    return version
  }

  /** The answer to the same request at the present version. */
  find(key: string): KeptAnswer | undefined {
    this.version()
    const found = this.#answers?.get(key)
    if (found) this.#hits++
    else this.#misses++
    return found
  }

  /**
   * Whether an answer that was found before would be found again, at the version that was last asked for. When it would
   * not, nothing is counted.
   */
  isKept(key: string, answer: KeptAnswer): boolean {
    if (this.#answers?.get(key) !== answer) return false
    this.#hits++
    return true
  }

  /** Keeps an answer, unless the data is another than when it was begun. */
  keep(key: string, begun: number, answer: KeptAnswer): void {
    if (this.version() === begun) this.#answers?.set(key, answer)
  }

  /** Since the start; and what is kept now. */
  get counts() {
    const { size: answers = 0, calculatedSize: bytes = 0 } = this.#answers ?? {}
    return { hits: this.#hits, misses: this.#misses, answers, bytes }
  }
}

/** A string of JavaScript takes up to two bytes a character. */
function bytesOf(key: string, { body, operation }: KeptAnswer): number {
  return ENTRY_BYTES + 2 * (key.length + (operation.text?.length ?? 0)) + body.length
}
