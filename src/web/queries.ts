import { sendQuery } from './graphql-client.ts'
import type { State } from './state.ts'

export interface Overview {
  readonly dataset: {
    readonly asOf: string | null
    readonly firstMeasuredAt: string | null
    readonly accountCount: number
    readonly measurementCount: number
    readonly growthCoverage: Coverage
  }
  readonly categories: readonly { readonly name: string; readonly accountCount: number }[]
}

export interface Coverage {
  readonly known: number
  readonly noRecentMeasurement: number
  readonly noBaseline: number
  readonly zeroBaseline: number
}

export interface ListedAccount {
  readonly accountId: string
  readonly categories: readonly string[]
  readonly subscriberCount: number
  readonly growth: Growth
}

/** Figures are null when unknown. */
export interface Growth {
  readonly percent: number | null
  readonly absolute: number | null
  readonly unknownReason: string | null
}

export interface AccountPage {
  readonly totalCount: number
  readonly nodes: readonly ListedAccount[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

export interface Bucket {
  readonly bucketStart: string
  readonly last: number | null
}

const OVERVIEW = `query Overview($window: GrowthWindow!, $baseline: GrowthBaseline!) {
  dataset {
    asOf firstMeasuredAt accountCount measurementCount
    growthCoverage(window: $window, baseline: $baseline) { known noRecentMeasurement noBaseline zeroBaseline }
  }
  categories { name accountCount }
}`

export function fetchOverview({ window, baseline }: State): Promise<Overview> {
  return sendQuery<Overview>(OVERVIEW, { window, baseline })
}

const ACCOUNTS = `query Accounts($filter: AccountFilter, $orderBy: AccountOrder, $window: GrowthWindow!,
  $baseline: GrowthBaseline!, $first: Int, $after: String, $last: Int, $before: String) {
  accounts(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
    totalCount
    nodes {
      accountId categories subscriberCount
      growth(window: $window, baseline: $baseline) { percent absolute unknownReason }
    }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`

/** The first page when empty, otherwise the page after or before a cursor. */
export type PagePosition = { readonly after?: string | null; readonly before?: string | null }

const PAGE_SIZE = 15

export async function fetchAccounts(state: State, position: PagePosition): Promise<AccountPage> {
  const { window, baseline, category, above, grew, order } = state
  const filter = {
    ...(category && { categories: { anyOf: [category] } }),
    ...(above && { subscriberCount: { gt: Number(above) } }),
    ...(grew && { growth: { window, baseline, percent: { gt: Number(grew) } } }),
  }
  const orderBy = { field: order, ...(order.startsWith('GROWTH') && { window, baseline }) }
  const size = position.before
    ? { last: PAGE_SIZE, before: position.before }
    : { first: PAGE_SIZE, after: position.after }
  const response = sendQuery<{ accounts: AccountPage }>(ACCOUNTS, { window, baseline, filter, orderBy, ...size })
  return (await response).accounts
}

/**
 * The histories of several accounts over the same buckets, in the order of `accountIds`.
 *
 * @param from RFC 3339, as is `to`
 */
export async function fetchHistories(
  { bucket, carry }: State,
  accountIds: readonly string[],
  { from, to }: { readonly from: string; readonly to: string },
): Promise<readonly (readonly Bucket[])[]> {
  const fields = accountIds.map((_, i) => `a${i}: account(accountId: $a${i}) { ...Line }`)
  const declared = accountIds.map((_, i) => `$a${i}: UUID!`).join(', ')
  const query = `query Histories(${declared}, $bucket: HistoryBucket!, $from: DateTime!, $to: DateTime!,
    $fill: HistoryFill!) { ${fields.join('\n')} }
    fragment Line on Account { history(bucket: $bucket, from: $from, to: $to, fill: $fill) { bucketStart last } }`
  const ids = Object.fromEntries(accountIds.map((id, i) => [`a${i}`, id]))
  const answer = await sendQuery<Record<string, { history: Bucket[] } | null>>(query, {
    ...ids,
    bucket,
    from,
    to,
    fill: carry,
  })
  return accountIds.map((_, i) => answer[`a${i}`]?.history ?? [])
}
