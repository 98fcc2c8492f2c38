import { AppError } from '../domain/errors.ts'
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, type Page, type PageRequest } from '../domain/page.ts'
import { type CursorCodec, decodeCursor, encodeCursor } from './cursors.ts'

/** The arguments of every connection field. */
export interface PageArguments {
  readonly first?: number | null
  readonly after?: string | null
  readonly last?: number | null
  readonly before?: string | null
}

/**
 * Returns the requested page of a list: docs/rules.md, "Pages".
 *
 * @param maxSize the server's limit of `first` and `last`
 * @throws AppError BAD_USER_INPUT for a size out of range, for `first` with `last`, and for an invalid cursor
 */
export function pageRequest<Position>(
  { first, after, last, before }: PageArguments,
  codec: CursorCodec<never, Position>,
  maxSize = MAX_PAGE_SIZE,
): PageRequest<Position> {
  if (first != null && last != null) {
    throw new AppError(
      'BAD_USER_INPUT',
      'first and last are both set. Use first to page forward, or last to page backward.',
    )
  }
  return {
    size: pageSize(first, last, maxSize),
    fromEnd: last != null,
    after: after == null ? undefined : decodeCursor(after, codec, 'after'),
    before: before == null ? undefined : decodeCursor(before, codec, 'before'),
  }
}

function pageSize(first: number | null | undefined, last: number | null | undefined, maxSize: number): number {
  const size = last ?? first ?? Math.min(DEFAULT_PAGE_SIZE, maxSize)
  if (size >= 0 && size <= maxSize) return size
  const argument = last == null ? 'first' : 'last'
  throw new AppError('BAD_USER_INPUT', `${argument} is ${size}. Use 0 to ${maxSize}, and continue with a cursor.`)
}

interface Edge<Item> {
  readonly node: Item
  readonly cursor: string
}

interface PageInfo {
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  readonly startCursor: string | null
  readonly endCursor: string | null
}

/**
 * A page as a Relay connection, for every connection type. Cursors and the total count are computed on access, so an
 * operation pays only for the fields that it selects.
 */
export class Connection<Item> {
  readonly nodes: readonly Item[]
  readonly pageInfo: PageInfo
  readonly #codec: CursorCodec<Item, unknown>
  readonly #count: () => Promise<number>
  #edges: readonly Edge<Item>[] | undefined

  constructor(page: Page<Item>, codec: CursorCodec<Item, unknown>, count: () => Promise<number>) {
    this.nodes = page.items
    this.pageInfo = new ConnectionPageInfo(page, codec)
    this.#codec = codec
    this.#count = count
  }

  get edges(): readonly Edge<Item>[] {
    this.#edges ??= this.nodes.map(node => new ConnectionEdge(node, this.#codec))
    return this.#edges
  }

  /** The length of the whole filtered list. */
  get totalCount(): Promise<number> {
    return this.#count()
  }
}

class ConnectionEdge<Item> implements Edge<Item> {
  readonly node: Item
  readonly #codec: CursorCodec<Item, unknown>

  constructor(node: Item, codec: CursorCodec<Item, unknown>) {
    this.node = node
    this.#codec = codec
  }

  get cursor(): string {
    return encodeCursor(this.node, this.#codec)
  }
}

class ConnectionPageInfo<Item> implements PageInfo {
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  readonly #items: readonly Item[]
  readonly #codec: CursorCodec<Item, unknown>

  constructor({ items, hasNextPage, hasPreviousPage }: Page<Item>, codec: CursorCodec<Item, unknown>) {
    this.hasNextPage = hasNextPage
    this.hasPreviousPage = hasPreviousPage
    this.#items = items
    this.#codec = codec
  }

  get startCursor(): string | null {
    return this.#cursorAt(0)
  }

  get endCursor(): string | null {
    return this.#cursorAt(-1)
  }

  #cursorAt(index: number): string | null {
    const item = this.#items.at(index)
    return item === undefined ? null : encodeCursor(item, this.#codec)
  }
}
