import { type ApolloServer, HeaderMap } from '@apollo/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { GraphQLContext } from '../graphql/context.ts'

/** Serves GraphQL, and Apollo Sandbox to browsers, at /graphql. */
export function serveGraphQL(
  app: FastifyInstance,
  apollo: ApolloServer<GraphQLContext>,
  context: GraphQLContext,
): void {
  app.route({
    url: '/graphql',
    method: ['GET', 'POST', 'HEAD'],
    handler: (request, reply) => answer(apollo, context, request, reply),
  })
  app.get('/', (_, reply) => reply.redirect('/graphql'))
}

async function answer(
  apollo: ApolloServer<GraphQLContext>,
  context: GraphQLContext,
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
    context: async () => context,
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
