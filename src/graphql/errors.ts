import { ApolloServerErrorCode, unwrapResolverError } from '@apollo/server/errors'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import {
  INTERNAL_ERROR_MESSAGE,
  isAppError,
  REQUEST_ERROR_CODES,
  type RequestErrorCode,
  USER_ERROR_CODES,
  type UserErrorCode,
} from '../domain/errors.ts'
import { tokenLimitError } from './limits/query-size.ts'

const { BAD_REQUEST, BAD_USER_INPUT, INTERNAL_SERVER_ERROR } = ApolloServerErrorCode

/** In characters. Messages quote the client's input, which can be long. */
const MAX_MESSAGE_LENGTH = 1_000

export interface ErrorFormatterOptions {
  /** Called with each error that the response masks. */
  readonly onUnexpectedError: (error: unknown) => void
  /** Whether clients can query the schema. If not, messages do not suggest names ("Did you mean"). Default: true. */
  readonly introspection?: boolean
}

/**
 * Returns the function that formats the errors of a response: docs/errors.md. An error that the client can correct keeps
 * its message. Any other error is reported to `onUnexpectedError` and masked as INTERNAL_SERVER_ERROR.
 */
export function errorFormatter({ onUnexpectedError, introspection = true }: ErrorFormatterOptions) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const code = clientCode(formatted, error)
    const { message: original, extensions: _, ...location } = formatted
    if (code !== undefined) {
      const message = tokenLimitError(error)?.message ?? (introspection ? original : withoutSuggestions(original))
      return { message: truncated(message), ...location, extensions: { code } }
    }
    onUnexpectedError(unwrapResolverError(error))
    return { message: INTERNAL_ERROR_MESSAGE, ...location, extensions: { code: INTERNAL_SERVER_ERROR } }
  }
}

const CLIENT_CODES = [...USER_ERROR_CODES, ...REQUEST_ERROR_CODES].filter(code => code !== INTERNAL_SERVER_ERROR)

/** Returns the code of an error that the client may see; undefined for any other error. */
function clientCode(formatted: GraphQLFormattedError, error: unknown): UserErrorCode | RequestErrorCode | undefined {
  for (const cause of causes(error)) {
    if (isAppError(cause)) return CLIENT_CODES.find(code => code === cause.code)
    if (tokenLimitError(cause)) return 'QUERY_TOO_COMPLEX'
  }
  const code = CLIENT_CODES.find(known => known === formatted.extensions?.code)
  if (code !== undefined) return code
  if ([...causes(error)].some(isInputError)) return BAD_USER_INPUT
  return isBadRequest(error) ? BAD_REQUEST : undefined
}

/** Yields the error and its original errors. graphql-js wraps the error of a scalar once or twice. */
function* causes(error: unknown): Generator<unknown> {
  yield error
  if (error instanceof GraphQLError && error.originalError) yield* causes(error.originalError)
}

/** Whether graphql-js found invalid input during execution. Neither it nor Apollo Server sets a code for that. */
function isInputError(error: unknown): boolean {
  if (!(error instanceof GraphQLError)) return false
  if (error.message.startsWith('Variable "$')) return true
  return !error.originalError && /^(Argument "|Too many errors processing variables)/.test(error.message)
}

/** Apollo Server sets a status and no code for some errors, such as those of persisted queries. */
function isBadRequest(error: unknown): boolean {
  if (!(error instanceof GraphQLError) || error.originalError) return false
  const { status } = (error.extensions.http ?? {}) as { readonly status?: number }
  return status === 400
}

/** Shortens a message that quotes a long value. Keeps the end, which says what is expected. */
function truncated(message: string): string {
  if (message.length <= MAX_MESSAGE_LENGTH) return message
  const half = MAX_MESSAGE_LENGTH / 2 - 3
  return `${message.slice(0, half)} … ${message.slice(-half)}`
}

/** Removes the names that graphql-js suggests for a misspelt one. */
export function withoutSuggestions(message: string): string {
  return message.replace(/ ?Did you mean .+\?$/s, '')
}
