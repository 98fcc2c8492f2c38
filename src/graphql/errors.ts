import { ApolloServerErrorCode, unwrapResolverError } from '@apollo/server/errors'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import {
  isAppError,
  REQUEST_ERROR_CODES,
  type RequestErrorCode,
  USER_ERROR_CODES,
  type UserErrorCode,
} from '../domain/errors.ts'
import { tooManyTokens } from './limits/too-complex.ts'

const { BAD_REQUEST, BAD_USER_INPUT, INTERNAL_SERVER_ERROR } = ApolloServerErrorCode

/** In characters. What a client sent is not sent back in full length. */
const MAX_MESSAGE = 1_000

/**
 * Makes what Apollo calls to shape each error of an answer: docs/errors.md. What the client can mend keeps its message;
 * anything else goes to `onUnexpected` whole, and to the client as a fixed sentence.
 */
export function errorFormatter(onUnexpected: (error: unknown) => void) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const code = clientCode(formatted, error)
    const { message: itsMessage, extensions: _, ...where } = formatted
    if (code !== undefined) {
      const message = shortened(tooManyTokens(error)?.message ?? withoutHint(itsMessage))
      return { message, ...where, extensions: { code } }
    }
    onUnexpected(unwrapResolverError(error))
    const message = 'The server failed to answer; its log says why.'
    return { message, ...where, extensions: { code: INTERNAL_SERVER_ERROR } }
  }
}

const CLIENT_CODES = [...USER_ERROR_CODES, ...REQUEST_ERROR_CODES].filter(code => code !== INTERNAL_SERVER_ERROR)

/** The code of an error that the client may see, or undefined. */
function clientCode(formatted: GraphQLFormattedError, error: unknown): UserErrorCode | RequestErrorCode | undefined {
  for (const cause of causes(error)) {
    if (isAppError(cause)) return CLIENT_CODES.find(code => code === cause.code)
    if (tooManyTokens(cause)) return 'QUERY_TOO_COMPLEX'
  }
  const code = CLIENT_CODES.find(known => known === formatted.extensions?.code)
  if (code !== undefined) return code
  if ([...causes(error)].some(isInputError)) return BAD_USER_INPUT
  return isRefusedRequest(error) ? BAD_REQUEST : undefined
}

/** The error, what it wraps, and so on. A scalar's complaint is wrapped once or twice. */
function* causes(error: unknown): Generator<unknown> {
  yield error
  if (error instanceof GraphQLError && error.originalError) yield* causes(error.originalError)
}

/** Errors of input that graphql-js itself finds only while it executes, and that neither it nor Apollo gives a code. */
function isInputError(error: unknown): boolean {
  if (!(error instanceof GraphQLError)) return false
  if (error.message.startsWith('Variable "$')) return true
  return !error.originalError && /^(Argument "|Too many errors processing variables)/.test(error.message)
}

/** Apollo gives some refusals of its own, such as those of persisted queries, a status and no code. */
function isRefusedRequest(error: unknown): boolean {
  if (!(error instanceof GraphQLError) || error.originalError) return false
  const { status } = (error.extensions.http ?? {}) as { readonly status?: number }
  return status === 400
}

/** Of a message that repeats a long value the beginning, and the end, which says what is wanted. */
function shortened(message: string): string {
  if (message.length <= MAX_MESSAGE) return message
  const half = MAX_MESSAGE / 2 - 3
  return `${message.slice(0, half)} … ${message.slice(-half)}`
}

/** graphql-js guesses at names when it reads variables, whatever it is told. */
function withoutHint(message: string): string {
  return message.replace(/ Did you mean [^?]+\?$/, '')
}
