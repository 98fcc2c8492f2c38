import type { AddressInfo } from 'node:net'
import cors from '@fastify/cors'
import fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import { createApolloServer } from '../graphql/apollo.ts'
import type { GraphQLContext } from '../graphql/context.ts'
import { answerErrors } from './errors.ts'
import { serveGraphQL } from './graphql-route.ts'
import { isLoopback, requireLoopbackHost } from './host.ts'

/** Where Apollo serves Sandbox from when it is not embedded in our own page. */
const SANDBOX_ORIGIN = 'https://studio.apollographql.com'
const MAX_BODY_BYTES = 1024 * 1024
/** A client that sends its request more slowly than this is cut off. */
const REQUEST_TIMEOUT_MS = 30_000

export interface ServerOptions {
  readonly host: string
  readonly port: number
  readonly context: GraphQLContext
  readonly logger: FastifyBaseLogger
}

export interface RunningServer {
  /** Of the API, as a person opens it. */
  readonly url: string
  close(): Promise<void>
}

/** Starts answering; resolves when the port is open. */
export async function startServer({ host, port, context, logger }: ServerOptions): Promise<RunningServer> {
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
  })
  const apollo = createApolloServer({ onUnexpectedError: error => logger.error(error) })
  await apollo.start()
  answerErrors(app)
  if (isLoopback(host)) requireLoopbackHost(app)
  await app.register(cors, { origin: [SANDBOX_ORIGIN], methods: ['GET', 'POST', 'OPTIONS'] })
  serveGraphQL(app, apollo, context)
  await app.listen({ host, port })
  return {
    url: urlOf(host, (app.server.address() as AddressInfo).port),
    close: async () => {
      await app.close()
      await apollo.stop()
    },
  }
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/graphql`
}
