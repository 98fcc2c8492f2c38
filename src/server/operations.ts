import type { ApolloServerPlugin, GraphQLResponse } from '@apollo/server'
import { unwrapResolverError } from '@apollo/server/errors'
import type { GraphQLContext } from '../graphql/context.ts'
import { REQUEST_ID } from './log/request-id.ts'

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

export interface OperationObserver {
  finished(operation: FinishedOperation): void
  /** Told what a resolver threw, before it is put into words for the client. */
  failed(error: unknown, requestId: string | undefined): void
}

/** Tells of every operation when it has been executed. */
export function observeOperations(observer: OperationObserver): ApolloServerPlugin<GraphQLContext> {
  return {
    requestDidStart: async () => {
      const began = performance.now()
      return {
        didEncounterErrors: async ({ errors, request }) => {
          const requestId = request.http?.headers.get(REQUEST_ID)
          for (const error of errors) observer.failed(unwrapResolverError(error), requestId)
        },
        willSendResponse: async ({ operation, queryHash, source, request, response }) => {
          observer.finished({
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
