import type { TimeRange } from '../../../src/domain/measurement.ts'
import type { Ask } from './graphql-pages.ts'

export interface PageAsked {
  readonly size: number
  readonly fromEnd: boolean
  readonly after?: string | undefined
  readonly before?: string | undefined
}

const MEASUREMENTS = `query ($accountId: UUID!, $from: DateTime, $to: DateTime,
  $first: Int, $after: String, $last: Int, $before: String) {
  account(accountId: $accountId) {
    measurements(from: $from, to: $to, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      edges { cursor node { measuredAt subscriberCount categories account { accountId } ingestion { fileName } } }
      pageInfo { hasNextPage hasPreviousPage }
    }
  }
}`

interface MeasurementJson {
  readonly measuredAt: string
  readonly subscriberCount: number
  readonly categories: readonly string[]
  readonly account: { readonly accountId: string }
  readonly ingestion: { readonly fileName: string }
}

interface AccountJson {
  readonly account: {
    readonly measurements: {
      readonly totalCount: number
      readonly edges: readonly { readonly cursor: string; readonly node: MeasurementJson }[]
      readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean }
    }
  }
}

export function isoRange({ from, to }: TimeRange) {
  const iso = (instant: number | undefined) => (instant === undefined ? null : new Date(instant).toISOString())
  return { from: iso(from), to: iso(to) }
}

/** A page of the measurements of a tracked account, as a client gets it. */
export async function askMeasurements(ask: Ask, accountId: string, range: TimeRange, asked: PageAsked) {
  const { size, fromEnd, ...cursors } = asked
  const variables = { accountId, ...isoRange(range), [fromEnd ? 'last' : 'first']: size, ...cursors }
  const { account } = await ask<AccountJson>(MEASUREMENTS, variables)
  const { edges, totalCount, pageInfo } = account.measurements
  const measurements = edges.map(({ node }) => measurementOf(node))
  return { measurements, cursors: edges.map(({ cursor }) => cursor), totalCount, ...pageInfo }
}

/** Ingestions are identified by their files. */
function measurementOf({ measuredAt, account, ingestion, categories, subscriberCount }: MeasurementJson) {
  const { accountId } = account
  const instant = Date.parse(measuredAt)
  return { accountId, measuredAt: instant, subscriberCount, categories, fileName: ingestion.fileName }
}
