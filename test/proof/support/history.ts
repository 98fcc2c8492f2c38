import type { TimeRange } from '../../../src/domain/measurement.ts'
import type { OracleHistoryPoint } from '../../support/oracle/history.ts'
import type { Answer } from './graphql.ts'
import { isoRange } from './measurement-pages.ts'

export const BUCKETS = ['DAY', 'WEEK', 'MONTH', 'QUARTER'] as const
export const FILLS = ['NONE', 'LAST'] as const

const HISTORY = `query ($accountId: UUID!, $bucket: HistoryBucket!, $from: DateTime, $to: DateTime, $fill: HistoryFill!) {
  account(accountId: $accountId) {
    history(bucket: $bucket, from: $from, to: $to, fill: $fill) { bucketStart first last min max measurementCount }
  }
}`

interface AccountJson {
  readonly account: {
    readonly history: readonly (Omit<OracleHistoryPoint, 'bucketStart'> & { readonly bucketStart: string })[]
  }
}

/** Which part of the history of which account is wanted, and how. */
export interface HistoryAsked {
  readonly accountId: string
  readonly bucket: (typeof BUCKETS)[number]
  readonly fill: (typeof FILLS)[number]
  readonly range: TimeRange
}

type AskAnyway = (query: string, variables: Record<string, unknown>) => Promise<Answer<AccountJson>>

/** The history as a client gets it, or the code of the error. */
export async function askHistory(ask: AskAnyway, asked: HistoryAsked): Promise<OracleHistoryPoint[] | string> {
  const { range, ...rest } = asked
  const { data, errors } = await ask(HISTORY, { ...rest, ...isoRange(range) })
  if (errors) return errors.map(({ extensions }) => extensions.code).join()
  return data!.account.history.map(point => ({ ...point, bucketStart: Date.parse(point.bucketStart) }))
}
