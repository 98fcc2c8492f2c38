/**
 * Values that come in at any pace, for one consumer that takes them at its own: one that a newer has overtaken is left
 * out, the last never. Unlike a generator it ends at once when the consumer leaves, not when the next value comes.
 */
export class Latest<Value> implements AsyncIterableIterator<Value> {
  #unseen: { readonly value: Value } | undefined
  #isOver = false
  #wake = () => {}
  readonly #onLeave: () => void

  /** @param onLeave called when the consumer leaves before the end */
  constructor(first: Value, onLeave: () => void) {
    this.#unseen = { value: first }
    this.#onLeave = onLeave
  }

  set(value: Value): void {
    if (this.#isOver) return
    this.#unseen = { value }
    this.#wake()
  }

  /** What is still unseen will be the last. */
  end(): void {
    this.#isOver = true
    this.#wake()
  }

  async next(): Promise<IteratorResult<Value, undefined>> {
    while (!this.#unseen && !this.#isOver) await new Promise<void>(resolve => (this.#wake = resolve))
    const taken = this.#unseen
    this.#unseen = undefined
    return taken ? { done: false, value: taken.value } : { done: true, value: undefined }
  }

  async return(): Promise<IteratorResult<Value, undefined>> {
    this.#unseen = undefined
    this.end()
    this.#onLeave()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
