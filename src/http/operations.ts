import type { ApolloServerPlugin, GraphQLResponse, HTTPGraphQLRequest } from '@apollo/server'
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

/** What is known of an operation apart from this once that it was asked for. */
export type ExecutedOperation = Omit<FinishedOperation, 'seconds' | 'requestId'>

/** Tells of every operation when it has been answered. */
export class Operations {
  readonly #observer: OperationObserver
  readonly #executed = new WeakMap<HTTPGraphQLRequest, ExecutedOperation>()

  constructor(observer: OperationObserver) {
    this.#observer = observer
  }

  /** What a request came to, once Apollo has answered it. */
  executed(request: HTTPGraphQLRequest): ExecutedOperation | undefined {
    return this.#executed.get(request)
  }

  /** To be told of an operation that was answered without being executed again. */
  repeated({ name, type, hash, text, status }: ExecutedOperation, requestId: string, seconds: number): void {
    this.#observer.finished({ name, type, hash, text, status, requestId, seconds })
  }

  /** Tells of those that Apollo executes. */
  plugin(): ApolloServerPlugin<GraphQLContext> {
    return observe(this.#observer, this.#executed)
  }
}

function observe(
  observer: OperationObserver,
  executed: WeakMap<HTTPGraphQLRequest, ExecutedOperation>,
): ApolloServerPlugin<GraphQLContext> {
  return {
    requestDidStart: async () => {
      const began = performance.now()
      return {
        didEncounterErrors: async ({ errors, request }) => {
          const requestId = request.http?.headers.get(REQUEST_ID)
          for (const error of errors) observer.failed(unwrapResolverError(error), requestId)
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
          const requestId = request.http?.headers.get(REQUEST_ID)
          observer.finished({ ...found, requestId, seconds: (performance.now() - began) / 1000 })
        },
      }
    },
  }
}

function statusOf({ body }: GraphQLResponse): string {
  const errors = body.kind === 'single' ? body.singleResult.errors : undefined
  return errors?.[0] ? String(errors[0].extensions?.code ?? 'UNKNOWN') : 'ok'
}
