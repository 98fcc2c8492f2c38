import type { ApolloServerPlugin, HeaderMap } from '@apollo/server'
import { ApolloServerErrorCode } from '@apollo/server/errors'
import type { RequestErrorCode } from '../domain/errors.ts'

const { BAD_USER_INPUT, GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED, OPERATION_RESOLUTION_FAILURE } =
  ApolloServerErrorCode

/** What can be wrong with a GraphQL request that is one. */
const WELL_FORMED: readonly unknown[] = [
  BAD_USER_INPUT,
  GRAPHQL_PARSE_FAILED,
  GRAPHQL_VALIDATION_FAILED,
  OPERATION_RESOLUTION_FAILURE,
  'QUERY_TOO_COMPLEX' satisfies RequestErrorCode,
]

/**
 * Gives the answer to a well-formed request status 200 where it is not application/graphql-response+json: GraphQL over
 * HTTP has it so, because of application/json with another status a client cannot tell who wrote it.
 */
export function answerWellFormedInPlainJson(): ApolloServerPlugin {
  return {
    requestDidStart: async () => ({
      async willSendResponse({ response: { body, http } }) {
        if (http.status !== 400 || body.kind !== 'single') return
        const { errors = [] } = body.singleResult
        if (!errors.every(({ extensions }) => WELL_FORMED.includes(extensions?.code))) return
        // Apollo chooses the media type after this, and reads the status after that.
        Object.defineProperty(http, 'status', { enumerable: true, get: () => statusOf(http.headers) })
      },
    }),
  }
}

function statusOf(headers: HeaderMap): number {
  return headers.get('content-type')?.startsWith('application/graphql-response+json') ? 400 : 200
}
