/**
 * What part of an ordered list is asked for. `after` and `before` are positions in the list's order, whether or not
 * a row still stands there. The page is the first `size` rows between them, or the last when `fromEnd`.
 */
export interface PageRequest<Position> {
  readonly size: number
  readonly fromEnd: boolean
  readonly after?: Position | undefined
  readonly before?: Position | undefined
}

/** A page, always in the list's order. The flags speak of the whole filtered list: docs/rules.md, "Pages". */
export interface Page<Item> {
  readonly items: readonly Item[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
}

export const DEFAULT_PAGE_SIZE = 20
export const MAX_PAGE_SIZE = 100
