/**
 * Delivers the newest of a producer's values to one consumer. Values that the consumer does not read in time are skipped,
 * except the last one. Unlike a generator, `return` takes effect immediately rather than at the next value.
 */
export class LatestValue<Value> implements AsyncIterableIterator<Value> {
  #unread: { readonly value: Value } | undefined
  #hasEnded = false
  #wake = () => {}
  readonly #onReturn: () => void

  /** @param onReturn called when the consumer stops before the end */
  constructor(first: Value, onReturn: () => void) {
    this.#unread = { value: first }
    this.#onReturn = onReturn
  }

  set(value: Value): void {
    if (this.#hasEnded) return
    this.#unread = { value }
    this.#wake()
  }

  /** Ends the iteration after the value that is still unread. */
  end(): void {
    this.#hasEnded = true
    this.#wake()
  }

  async next(): Promise<IteratorResult<Value, undefined>> {
    while (!this.#unread && !this.#hasEnded) await new Promise<void>(resolve => (this.#wake = resolve))
    const read = this.#unread
    this.#unread = undefined
    return read ? { done: false, value: read.value } : { done: true, value: undefined }
  }

  async return(): Promise<IteratorResult<Value, undefined>> {
    this.#unread = undefined
    this.end()
    this.#onReturn()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
