import { type ApolloServer, HeaderMap } from '@apollo/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { GraphQLContext, GraphQLServices } from '../graphql/context.ts'

/** Serves GraphQL, and Apollo Sandbox to browsers, at /graphql. */
export function serveGraphQL(
  app: FastifyInstance,
  apollo: ApolloServer<GraphQLContext>,
  services: GraphQLServices,
): void {
  app.route({
    url: '/graphql',
    method: ['GET', 'POST', 'HEAD'],
    config: { right: request => (asksForPage(request) ? 'open' : 'read') },
    handler: (request, reply) => answer(apollo, services, request, reply),
  })
  app.get('/', { config: { right: 'open' } }, (_, reply) => reply.redirect('/graphql'))
}

/** Sandbox holds no data. Should such a request be taken for a query, the operation's own right is still asked for. */
function asksForPage({ method, headers }: FastifyRequest): boolean {
  return method !== 'POST' && headers.authorization === undefined && /\btext\/html\b/i.test(headers.accept ?? '')
}

async function answer(
  apollo: ApolloServer<GraphQLContext>,
  services: GraphQLServices,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const {
    status = 200,
    headers,
    body,
  } = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: request.method,
      headers: headerMap(request),
      search: new URL(request.url, 'http://localhost').search,
      body: request.body,
    },
    context: async () => ({ ...services, caller: request.caller }),
  })
  if (body.kind !== 'complete') throw new Error('incremental delivery is not offered')
  return reply.code(status).headers(Object.fromEntries(headers)).send(body.string)
}

function headerMap({ headers }: FastifyRequest): HeaderMap {
  const map = new HeaderMap()
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return map
}
