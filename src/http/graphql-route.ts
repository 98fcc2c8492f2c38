import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { GraphQLContext, GraphQLServices } from '../graphql/context.ts'
import type { Operations } from './operations.ts'
import { requirePlainText } from './plain-text.ts'
import { etagOf, isKnown } from './responses/etag.ts'
import { parseJsonLate } from './responses/json-text.ts'
import { requestKey } from './responses/request-key.ts'
import type { KeptAnswer, ResponseCache } from './responses/response-cache.ts'
import type { SameAgain } from './responses/same-again.ts'
import { Witness } from './responses/witness.ts'
import { OF_PAGE } from './security-headers.ts'

export interface GraphQLWays {
  readonly apollo: ApolloServer<GraphQLContext>
  readonly services: GraphQLServices
  readonly responses: ResponseCache
  readonly operations: Operations
  /** Told of answers that were found; undefined when each request is to come this way. */
  readonly sameAgain: SameAgain | undefined
}

/** Serves GraphQL, and Apollo Sandbox to browsers, at /graphql. */
export function serveGraphQL(app: FastifyInstance, ways: GraphQLWays): void {
  app.register(async scope => {
    const bodyOf = parseJsonLate(scope)
    scope.route({
      url: '/graphql',
      method: ['GET', 'POST'],
      exposeHeadRoute: false,
      config: { right: request => (asksForPage(request) ? 'open' : 'read') },
      onRequest: requirePlainText,
      handler: (request, reply) => answer(ways, bodyOf, request, reply),
    })
  })
  app.get('/', { config: { right: 'open' } }, (_, reply) => reply.redirect('/graphql'))
}

/** Sandbox holds no data. Should such a request be taken for a query, the operation's own right is still asked for. */
function asksForPage({ method, headers }: FastifyRequest): boolean {
  return method !== 'POST' && headers.authorization === undefined && /\btext\/html\b/i.test(headers.accept ?? '')
}

async function answer(
  ways: GraphQLWays,
  bodyOf: (request: FastifyRequest) => unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { responses, operations, sameAgain } = ways
  const began = performance.now()
  const key = requestKey(request)
  const kept = key === undefined ? undefined : responses.find(key)
  if (key === undefined || !kept) return execute(ways, { key, body: bodyOf(request) }, request, reply)
  operations.repeated(kept.operation, request.id, (performance.now() - began) / 1000)
  const body = prepare(kept, request, reply)
  sameAgain?.learn({ key, answer: kept }, request, reply)
  return reply.send(body)
}

async function execute(
  { apollo, services, responses, operations }: GraphQLWays,
  { key, body: given }: { readonly key: string | undefined; readonly body: unknown },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const begun = responses.version()
  const witness = new Witness(services)
  const httpGraphQLRequest: HTTPGraphQLRequest = {
    method: request.method,
    headers: headerMap(request),
    search: new URL(request.url, 'http://localhost').search,
    body: given,
  }
  const {
    status = 200,
    headers,
    body,
  } = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest,
    context: async () => ({ ...witness.services, caller: request.caller }),
  })
  if (body.kind !== 'complete') throw new Error('incremental delivery is not offered')
  if (headers.get('content-type')?.startsWith('text/html')) reply.headers(OF_PAGE)
  const operation = operations.executed(httpGraphQLRequest)
  const isQuery = status === 200 && operation?.type === 'query' && operation.status === 'ok'
  if (key === undefined || !isQuery || !witness.sawDatabaseAlone) {
    return reply.code(status).headers(Object.fromEntries(headers)).send(body.string)
  }
  const bytes = Buffer.from(body.string)
  const etag = request.method === 'GET' ? etagOf(headers.get('content-type') ?? '', bytes) : undefined
  const kept = { headers: Object.fromEntries(headers), body: bytes, etag, operation }
  responses.keep(key, begun, kept)
  return reply.send(prepare(kept, request, reply))
}

/**
 * Sets the head of an answer. What GET answered may be kept by whoever asked, to be asked for again by its tag.
 *
 * @returns the body to send
 */
function prepare(
  { headers, body, etag }: KeptAnswer,
  request: FastifyRequest,
  reply: FastifyReply,
): Buffer | undefined {
  reply.headers(headers)
  if (etag === undefined) return body
  const vary = [reply.getHeader('vary'), 'Accept', 'Authorization'].filter(Boolean).join(', ')
  reply.headers({ etag, vary, 'cache-control': 'private, no-cache' })
  if (!isKnown(etag, request.headers['if-none-match'])) return body
  reply.code(304)
  return undefined
}

function headerMap({ headers }: FastifyRequest): HeaderMap {
  const map = new HeaderMap()
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return map
}
