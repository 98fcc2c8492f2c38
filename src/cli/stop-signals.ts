/** Ctrl-C reaches a program that npm started twice: from the terminal, and from npm. */
const SAME_MS = 500

/** What SIGINT and SIGTERM ask for: the first time to stop in good order, the next time at once. */
export class StopSignals {
  readonly #asked = new AbortController()
  readonly #urgent = new AbortController()
  #last = Number.NEGATIVE_INFINITY

  constructor() {
    process.on('SIGINT', this.#take).on('SIGTERM', this.#take)
  }

  /** Aborted by the first signal. */
  get asked(): AbortSignal {
    return this.#asked.signal
  }

  /** Aborted by the second one. */
  get urgent(): AbortSignal {
    return this.#urgent.signal
  }

  dispose(): void {
    process.off('SIGINT', this.#take).off('SIGTERM', this.#take)
  }

  readonly #take = () => {
    const isSame = performance.now() - this.#last < SAME_MS
    this.#last = performance.now()
    if (!this.#asked.signal.aborted) this.#asked.abort()
    else if (!isSame) this.#urgent.abort()
  }
}

/** Resolves when the signal is aborted, or has been. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
