import type { Page } from '../domain/page.ts'
import { type Cursors, cursorOf } from './cursor.ts'

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
 * A page as the API shows it, for every connection type. What costs something is worked out when it is looked at: the
 * executor looks at the fields that are selected, and at no other.
 */
export class Connection<Item> {
  readonly nodes: readonly Item[]
  readonly pageInfo: PageInfo
  readonly #cursors: Cursors<Item, unknown>
  readonly #count: () => Promise<number>
  #edges: readonly Edge<Item>[] | undefined

  constructor(page: Page<Item>, cursors: Cursors<Item, unknown>, count: () => Promise<number>) {
    this.nodes = page.items
    this.pageInfo = new PagePlace(page, cursors)
    this.#cursors = cursors
    this.#count = count
  }

  get edges(): readonly Edge<Item>[] {
    this.#edges ??= this.nodes.map(node => new PageEdge(node, this.#cursors))
    return this.#edges
  }

  /** Of the whole filtered list, whatever the page. */
  get totalCount(): Promise<number> {
    return this.#count()
  }
}

class PageEdge<Item> implements Edge<Item> {
  readonly node: Item
  readonly #cursors: Cursors<Item, unknown>

  constructor(node: Item, cursors: Cursors<Item, unknown>) {
    this.node = node
    this.#cursors = cursors
  }

  get cursor(): string {
    return cursorOf(this.node, this.#cursors)
  }
}

class PagePlace<Item> implements PageInfo {
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  readonly #items: readonly Item[]
  readonly #cursors: Cursors<Item, unknown>

  constructor({ items, hasNextPage, hasPreviousPage }: Page<Item>, cursors: Cursors<Item, unknown>) {
    this.hasNextPage = hasNextPage
    this.hasPreviousPage = hasPreviousPage
    this.#items = items
    this.#cursors = cursors
  }

  get startCursor(): string | null {
    return this.#cursorAt(0)
  }

  get endCursor(): string | null {
    return this.#cursorAt(-1)
  }

  #cursorAt(index: number): string | null {
    const item = this.#items.at(index)
    return item === undefined ? null : cursorOf(item, this.#cursors)
  }
}
