import { GraphQLError } from 'graphql'
import type { RequestErrorCode } from '../../domain/errors.ts'

export const QUERY_TOO_COMPLEX = 'QUERY_TOO_COMPLEX' satisfies RequestErrorCode

/** Thrown or reported for a request that asks for more than a limit allows; the message says which, and what to do. */
export class QueryTooComplex extends GraphQLError {
  override readonly name = 'QueryTooComplex'

  constructor(message: string) {
    super(message, { extensions: { code: QUERY_TOO_COMPLEX, http: { status: 400 } } })
  }
}

/** A parser's refusal of a document with too many tokens, in words of ours; undefined for any other error. */
export function tooManyTokens(error: unknown): QueryTooComplex | undefined {
  if (!(error instanceof GraphQLError)) return undefined
  const limit = /^Syntax Error: Document contains more that (\d+) tokens/.exec(error.message)?.[1]
  if (limit === undefined) return undefined
  return new QueryTooComplex(
    `The document has more than ${limit} tokens: send several shorter ones, or pass values as variables.`,
  )
}
