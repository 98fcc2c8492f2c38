import type { ApolloServer } from '@apollo/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { UserErrorCode } from '../domain/errors.ts'
import type { GraphQLContext, GraphQLServices } from '../graphql/context.ts'
import { runUpload } from '../graphql/upload.ts'
import { graphqlError, httpStatus } from './errors.ts'
import type { Incoming } from './incoming.ts'
import { refuseForeignPages } from './origin.ts'
import { Upload } from './upload.ts'
import { requireRawBody, uploadParameters } from './upload-request.ts'

export interface IngestRouteOptions {
  readonly apollo: ApolloServer<GraphQLContext>
  readonly services: GraphQLServices
  readonly incoming: Incoming
}

const PATH = '/ingest'
/** Slower senders, over half a minute, are cut off. */
const SLOWEST_BYTES = 64 * 1024

/** Takes a file as the body of a request. Whoever may not send one is told so before a byte of it is asked for. */
export function serveIngest(app: FastifyInstance, options: IngestRouteOptions): void {
  answerExpectations(app)
  app.register(async scope => {
    scope.removeAllContentTypeParsers()
    // Nothing is parsed: the handler reads the body itself.
    scope.addContentTypeParser('*', (_request, _body, done) => done(null))
    scope.route({
      method: 'POST',
      url: PATH,
      config: { right: 'ingest', bodyBytesPerWindow: SLOWEST_BYTES },
      // What may be judged by the head of a request alone, in this order.
      onRequest: [refuseForeignPages('send files here'), requireRawBody],
      handler: (request, reply) => take(options, request, reply),
    })
    scope.route({
      method: ['GET', 'PUT'],
      url: PATH,
      exposeHeadRoute: false,
      config: { right: 'ingest' },
      handler: (_, reply) => sayPost(reply),
    })
  })
}

async function take({ apollo, services, incoming }: IngestRouteOptions, request: FastifyRequest, reply: FastifyReply) {
  const { name: file, ...how } = uploadParameters(request.url)
  const receive = () => {
    incoming.requireRoom(Number(request.headers['content-length'] ?? 0))
    if (request.headers.expect !== undefined) reply.raw.writeContinue()
    return incoming.receive(request.raw, file)
  }
  const ingestor = new Upload(services.ingestor, async () => receive())
  const context = { ...services, ingestor, caller: request.caller }
  const { data, errors } = await runUpload(apollo, { file, ...how }, context)
  if (!data || errors) {
    const isOurs = errors?.[0]?.extensions?.code === 'INTERNAL_SERVER_ERROR'
    return reply.code(isOurs ? 500 : 400).send({ errors })
  }
  const { ingestion, userErrors } = data.ingestAccounts
  const [error] = userErrors
  const isUnderWay = ingestion?.status === 'QUEUED' || ingestion?.status === 'RUNNING'
  const status = error ? httpStatus(error.code as UserErrorCode) : isUnderWay ? 202 : 200
  return reply.code(status).send(data.ingestAccounts)
}

function isUpload(url = ''): boolean {
  return /^\/ingest\/?(\?|$)/.test(url)
}

function sayPost(reply: FastifyReply) {
  const message = "Send a file here with POST: curl --data-binary @drop.parquet 'http://…/ingest?name=drop.parquet'"
  return reply.code(405).header('allow', 'POST').send(graphqlError('METHOD_NOT_ALLOWED', message))
}

/** Leaves "100 Continue" of an upload to its handler: a client that waits for it sends no file only to be refused. */
function answerExpectations(app: FastifyInstance): void {
  app.server.on('checkContinue', (request, response) => {
    if (!isUpload(request.url)) response.writeContinue()
    app.server.emit('request', request, response)
  })
}
