import type { Page } from '../domain/page.ts'
import { type Cursors, cursorOf } from './cursor.ts'

interface Edge<Item> {
  readonly node: Item
  cursor(): string
}

interface PageInfo {
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  startCursor(): string | null
  endCursor(): string | null
}

/**
 * A page as the API shows it, for every connection type. What costs something is a method: the executor calls those of
 * the fields that are selected, and no other.
 */
export class Connection<Item> {
  readonly nodes: readonly Item[]
  readonly pageInfo: PageInfo
  /** Of the whole filtered list, whatever the page. */
  readonly totalCount: () => Promise<number>
  readonly #cursor: (item: Item) => string

  constructor(page: Page<Item>, cursors: Cursors<Item, unknown>, totalCount: () => Promise<number>) {
    const { items, hasNextPage, hasPreviousPage } = page
    this.#cursor = item => cursorOf(item, cursors)
    const cursorAt = (index: number) => (items.length > 0 ? this.#cursor(items.at(index)!) : null)
    this.nodes = items
    this.pageInfo = { hasNextPage, hasPreviousPage, startCursor: () => cursorAt(0), endCursor: () => cursorAt(-1) }
    this.totalCount = totalCount
  }

  edges(): readonly Edge<Item>[] {
    return this.nodes.map(node => ({ node, cursor: () => this.#cursor(node) }))
  }
}
