import type { AddressInfo } from 'node:net'
import cors from '@fastify/cors'
import fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import { createApolloServer } from '../graphql/apollo.ts'
import type { GraphQLContext } from '../graphql/context.ts'
import { answerErrors, answerFrameworkError } from './errors.ts'
import { serveGraphQL } from './graphql-route.ts'
import { isLoopback, requireLoopbackHost } from './host.ts'
import { finishAnswersFirst } from './stopping.ts'

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
    // After `finishAnswersFirst`.
    forceCloseConnections: true,
    frameworkErrors: answerFrameworkError,
    routerOptions: { ignoreTrailingSlash: true },
  })
  const apollo = createApolloServer({ onUnexpectedError: error => logger.error(error) })
  await apollo.start()
  answerErrors(app)
  finishAnswersFirst(app)
  if (isLoopback(host)) requireLoopbackHost(app, host)
  await app.register(cors, { origin: [SANDBOX_ORIGIN], methods: ['GET', 'POST', 'OPTIONS'], strictPreflight: false })
  serveGraphQL(app, apollo, context)
  await app.listen({ host, port }).catch(error => {
    throw explained(error, host, port)
  })
  return {
    url: urlOf(host, (app.server.address() as AddressInfo).port),
    close: async () => {
      await app.close()
      await apollo.stop()
    },
  }
}

function explained(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new Error(
        `${host}:${port} is taken by another program: stop it, or choose another PORT (0 picks a free one)`,
      )
    case 'EACCES':
      return new Error(`${host}:${port} may not be listened on by this user: choose a PORT above 1023`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Error(`${host} is no address of this machine: choose another HOST, such as 127.0.0.1`)
    default:
      return error
  }
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/graphql`
}
