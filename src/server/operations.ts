import type { ApolloServerPlugin, GraphQLResponse } from '@apollo/server'
import type { GraphQLContext } from '../graphql/context.ts'

/** A GraphQL operation that has been answered. */
export interface FinishedOperation {
  /** That the client gave it. */
  readonly name: string | undefined
  /** query or mutation; undefined for what is no valid operation. */
  readonly type: string | undefined
  /** SHA-256 of its text. */
  readonly hash: string | undefined
  readonly text: string | undefined
  /** ok, or the code of its first error. */
  readonly status: string
  readonly seconds: number
  readonly requestId: string | undefined
}

/** The request's id travels to Apollo in this header, which is set to it whatever the client has sent. */
export const REQUEST_ID = 'x-request-id'

/** Tells of every operation when it has been executed. */
export function observeOperations(
  onFinished: (operation: FinishedOperation) => void,
): ApolloServerPlugin<GraphQLContext> {
  return {
    requestDidStart: async () => {
      const began = performance.now()
      return {
        willSendResponse: async ({ operation, queryHash, source, request, response }) => {
          onFinished({
            name: operation?.name?.value,
            type: operation?.operation,
            hash: queryHash,
            text: source,
            status: statusOf(response),
            seconds: (performance.now() - began) / 1000,
            requestId: request.http?.headers.get(REQUEST_ID),
          })
        },
      }
    },
  }
}

function statusOf({ body }: GraphQLResponse): string {
  const errors = body.kind === 'single' ? body.singleResult.errors : undefined
  return errors?.[0] ? String(errors[0].extensions?.code ?? 'UNKNOWN') : 'ok'
}
