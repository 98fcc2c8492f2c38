import type { ApolloServerPlugin, GraphQLResponse, HTTPGraphQLRequest } from '@apollo/server'
import { unwrapResolverError } from '@apollo/server/errors'
import type { GraphQLContext } from '../../graphql/context.ts'
import { REQUEST_ID_HEADER } from './request-id.ts'

/** What logs and metrics report of a GraphQL operation, except when and for which request it ran. */
export interface ExecutedOperation {
  /** As the client named it. */
  readonly name: string | undefined
  /** `query` or `mutation`; undefined for an invalid operation. */
  readonly type: string | undefined
  /** SHA-256 of the text. */
  readonly hash: string | undefined
  readonly text: string | undefined
  /** `ok`, or the code of the first error. */
  readonly status: string
}

export interface FinishedOperation extends ExecutedOperation {
  readonly seconds: number
  readonly requestId: string | undefined
}

export interface OperationObserver {
  /** Called when an operation is answered. */
  onFinish(operation: FinishedOperation): void
  /** Called with each error of a resolver, before it is formatted for the client. */
  onError(error: unknown, requestId: string | undefined): void
}

/** Observes GraphQL operations, executed or answered from the cache. */
export class Operations {
  readonly #observer: OperationObserver
  readonly #executed = new WeakMap<HTTPGraphQLRequest, ExecutedOperation>()

  constructor(observer: OperationObserver) {
    this.#observer = observer
  }

  /** Returns the operation of a request that Apollo Server has executed. */
  executedOf(request: HTTPGraphQLRequest): ExecutedOperation | undefined {
    return this.#executed.get(request)
  }

  onCacheHit(operation: ExecutedOperation, requestId: string, seconds: number): void {
    this.#observer.onFinish({ ...operation, requestId, seconds })
  }

  apolloPlugin(): ApolloServerPlugin<GraphQLContext> {
    const [observer, executed] = [this.#observer, this.#executed]
    return {
      requestDidStart: async () => {
        const start = performance.now()
        return {
          didEncounterErrors: async ({ errors, request }) => {
            const requestId = request.http?.headers.get(REQUEST_ID_HEADER)
            for (const error of errors) observer.onError(unwrapResolverError(error), requestId)
          },
          willSendResponse: async ({ operation, queryHash, source, request, response }) => {
            const found = {
              name: operation?.name?.value,
              type: operation?.operation,
              hash: queryHash,
              text: source,
              status: statusOf(response),
            }
            if (request.http) executed.set(request.http, found)
            const requestId = request.http?.headers.get(REQUEST_ID_HEADER)
            observer.onFinish({ ...found, requestId, seconds: (performance.now() - start) / 1000 })
          },
        }
      },
    }
  }
}

function statusOf({ body }: GraphQLResponse): string {
  const errors = body.kind === 'single' ? body.singleResult.errors : undefined
  return errors?.[0] ? String(errors[0].extensions?.code ?? 'UNKNOWN') : 'ok'
}
