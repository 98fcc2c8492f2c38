import { GraphQLError } from 'graphql'
import { AppError } from '../../domain/errors.ts'

/** The error for a document with more tokens than the parser accepts; undefined for any other error. */
export function tooManyTokens(error: unknown): AppError<'QUERY_TOO_COMPLEX'> | undefined {
  if (!(error instanceof GraphQLError)) return undefined
  const limit = /^Syntax Error: Document contains more that (\d+) tokens/.exec(error.message)?.[1]
  if (limit === undefined) return undefined
  const message = `The document has more than ${limit} tokens: send several shorter ones, or pass values as variables.`
  return new AppError('QUERY_TOO_COMPLEX', message)
}
