/** For an operation without a name, for what is no valid operation, and for names beyond the first many. */
const ANONYMOUS = 'anonymous'
export const INVALID = 'invalid'
const OTHER = 'other'

/**
 * Clients choose the names of their operations, and every name makes a time series for ever. So the first `most` names
 * that come are told apart, and all others are one.
 */
export class KnownNames {
  readonly #names = new Set<string>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  /** @param name of a valid operation; undefined when it has none */
  of(name: string | undefined): string {
    if (name === undefined) return ANONYMOUS
    if (name.length > 100) return OTHER
    if (this.#names.size < this.#most) this.#names.add(name)
    return this.#names.has(name) ? name : OTHER
  }
}
