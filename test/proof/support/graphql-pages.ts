import type { AccountFilter, Bounds } from '../../../src/domain/account.ts'
import type { Growth } from '../../../src/domain/growth.ts'
import type { OracleAccount } from '../../support/oracle/types.ts'
import { isByGrowth, type List } from './lists.ts'
import { type AskPage, placeOf } from './pages.ts'

/** Sends a query, and returns its data; fails when there are errors. */
export type Ask = <Data>(query: string, variables: Record<string, unknown>) => Promise<Data>

const LIST = `query List($filter: AccountFilter, $orderBy: AccountOrder, $window: GrowthWindow!, $baseline: GrowthBaseline!,
  $first: Int, $after: String, $last: Int, $before: String) {
  accounts(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
    totalCount
    edges {
      cursor
      node {
        accountId subscriberCount measuredAt categories
        growth(window: $window, baseline: $baseline) {
          window baseline opensAt absolute percent unknownReason
          from { measuredAt subscriberCount } to { measuredAt subscriberCount }
        }
      }
    }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`

interface PointJson {
  readonly measuredAt: string
  readonly subscriberCount: number
}

export type GrowthJson = Omit<Growth, 'opensAt' | 'from' | 'to'> & {
  readonly opensAt: string
  readonly from: PointJson | null
  readonly to: PointJson
}

export interface AccountJson extends PointJson {
  readonly accountId: string
  readonly categories: readonly string[]
  readonly growth: GrowthJson
}

interface ListJson {
  readonly accounts: {
    readonly totalCount: number
    readonly edges: readonly { readonly cursor: string; readonly node: AccountJson }[]
    readonly pageInfo: {
      readonly hasNextPage: boolean
      readonly hasPreviousPage: boolean
      readonly startCursor: string | null
      readonly endCursor: string | null
    }
  }
}

/** Pages as a client gets them. */
export function graphqlPages(ask: Ask): AskPage {
  return async (list, { size, fromEnd, after, before }) => {
    const variables = {
      ...{ filter: filterJson(list.filter), orderBy: orderJson(list.order), ...list.kind },
      ...{ [fromEnd ? 'last' : 'first']: size, after: after?.token, before: before?.token },
    }
    const { edges, totalCount, pageInfo } = (await ask<ListJson>(LIST, variables)).accounts
    const { startCursor, endCursor, hasNextPage, hasPreviousPage } = pageInfo
    expect([startCursor, endCursor]).toEqual([edges[0]?.cursor ?? null, edges.at(-1)?.cursor ?? null])
    const accounts = edges.map(({ node }) => accountOf(node))
    const cursors = accounts.map((account, i) => {
      return { position: placeOf(account, list.order), token: edges[i]!.cursor }
    })
    return { accounts, cursors, totalCount, hasNextPage, hasPreviousPage }
  }
}

/** An account in the words of the oracles; whatever else was selected is left out. */
export function accountOf({ accountId, categories, growth, ...newest }: AccountJson): OracleAccount {
  const { window, baseline, opensAt, absolute, percent, unknownReason } = growth
  const ends = { opensAt: Date.parse(opensAt), from: growth.from && pointOf(growth.from), to: pointOf(growth.to) }
  const figures = { window, baseline, absolute, percent, unknownReason, ...ends }
  return { accountId, ...pointOf(newest), categories: [...categories], growth: figures }
}

function pointOf({ measuredAt, subscriberCount }: PointJson) {
  return { subscriberCount, measuredAt: Date.parse(measuredAt) }
}

export function orderJson(order: List['order']) {
  const { field, direction } = order
  return isByGrowth(order) ? { field, direction, ...order.growth } : { field, direction }
}

/** Instants are text in JSON. */
export function filterJson({ measuredAt, ...rest }: AccountFilter) {
  return { ...rest, measuredAt: measuredAt && boundsJson(measuredAt) }
}

function boundsJson(bounds: Bounds): Record<string, string> {
  return Object.fromEntries(Object.entries(bounds).map(([name, instant]) => [name, new Date(instant!).toISOString()]))
}
