import type { TestServer } from './server.ts'

export interface PageArguments {
  readonly first?: number
  readonly after?: string | null
  readonly last?: number
  readonly before?: string | null
}

export interface AccountsPage {
  readonly totalCount: number
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly accountId: string } }[]
  readonly nodes: readonly { readonly accountId: string }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

/** What a list of accounts is asked for, beside its pages. */
export interface List {
  readonly filter?: object
  readonly orderBy?: object
}

export const ACCOUNTS = `query Accounts($filter: AccountFilter, $orderBy: AccountOrder,
  $first: Int, $after: String, $last: Int, $before: String) {
  accounts(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
    totalCount
    edges { cursor node { accountId } }
    nodes { accountId }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`

export async function page(server: TestServer, list: List, wanted: PageArguments): Promise<AccountsPage> {
  const { accounts } = await server.ask<{ accounts: AccountsPage }>(ACCOUNTS, { ...list, ...wanted })
  return accounts
}

export function idsOf({ nodes }: AccountsPage): string[] {
  return nodes.map(({ accountId }) => accountId)
}

/** All pages of `size` from the start to the end. */
export async function forward(server: TestServer, list: List, size: number): Promise<AccountsPage[]> {
  const pages = [await page(server, list, { first: size })]
  for (let last = pages[0]!; last.pageInfo.hasNextPage; pages.push(last)) {
    last = await page(server, list, { first: size, after: last.pageInfo.endCursor })
    if (pages.length > 1000) throw new Error('the list has no end')
  }
  return pages
}

/** All pages of `size` from the end to the start, put into the order of the list. */
export async function backward(server: TestServer, list: List, size: number): Promise<AccountsPage[]> {
  const pages = [await page(server, list, { last: size })]
  for (let first = pages[0]!; first.pageInfo.hasPreviousPage; pages.unshift(first)) {
    first = await page(server, list, { last: size, before: first.pageInfo.startCursor })
    if (pages.length > 1000) throw new Error('the list has no start')
  }
  return pages
}
