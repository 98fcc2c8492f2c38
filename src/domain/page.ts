/**
 * A page of an ordered list: the first `size` rows between `after` and `before`, or the last ones if `fromEnd`. Both are
 * positions in the list's order, whether or not a row exists there.
 */
export interface PageRequest<Position> {
  readonly size: number
  readonly fromEnd: boolean
  readonly after?: Position | undefined
  readonly before?: Position | undefined
}

/** Items in the list's order. The flags refer to the whole filtered list: docs/rules.md, "Pages". */
export interface Page<Item> {
  readonly items: readonly Item[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
}

export const DEFAULT_PAGE_SIZE = 20
export const MAX_PAGE_SIZE = 100
