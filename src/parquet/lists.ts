import type { DecodedArray } from 'hyparquet'
import type { Leaf } from './leaves.ts'

/** Puts the values of a LIST column together, row by row; a row may go on in the next page. */
export class ListAssembler {
  readonly #leaf: Leaf
  readonly #lists: (unknown[] | null)[] = []

  constructor(leaf: Leaf) {
    this.#leaf = leaf
  }

  /**
   * @param values those that are not null
   * @returns how many lists begin here
   * @throws Error when the levels contradict each other
   */
  add(values: DecodedArray, definitions: Uint32Array | undefined, repetitions: Uint32Array | undefined): number {
    if (!definitions || !repetitions) throw new Error('a list without levels')
    const { maxDefinition, listDefinition } = this.#leaf
    const before = this.#lists.length
    let next = 0
    for (let i = 0; i < definitions.length; i++) {
      const defined = definitions[i]!
      const element = defined === maxDefinition ? values[next++] : null
      if (repetitions[i] === 0) this.#lists.push(defined < listDefinition ? null : [])
      else if (defined <= listDefinition) throw new Error('an empty list that goes on')
      if (defined > listDefinition) this.#goOn(element)
    }
    return this.#lists.length - before
  }

  finish(): DecodedArray {
    return this.#lists
  }

  #goOn(element: unknown): void {
    const list = this.#lists.at(-1)
    if (!list) throw new Error('an element of no list')
    list.push(element)
  }
}
