import type { AddressInfo } from 'node:net'
import type { ApolloServer } from '@apollo/server'
import cors from '@fastify/cors'
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { createApolloServer } from '../graphql/apollo.ts'
import type { GraphQLContext } from '../graphql/context.ts'
import { limitBodyTime, WINDOW_MS } from './body-time.ts'
import { answerErrors, answerFrameworkError } from './errors.ts'
import { serveGraphQL } from './graphql-route.ts'
import { hostRule, requireHost } from './host.ts'
import { Incoming, type IncomingOptions } from './incoming.ts'
import { serveIngest } from './ingest-route.ts'
import { SANDBOX_ORIGIN } from './origin.ts'
import { finishAnswersFirst } from './stopping.ts'
import { serveSubscriptions } from './subscriptions-route.ts'

const MAX_BODY_BYTES = 1024 * 1024

export interface ServerOptions {
  readonly host: string
  readonly port: number
  readonly context: GraphQLContext
  readonly incoming: IncomingOptions
  readonly logger: FastifyBaseLogger
}

export interface RunningServer {
  /** Of the API, as a person opens it. */
  readonly url: string
  close(): Promise<void>
}

/** Starts answering; resolves when the port is open. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host, port, logger } = options
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    http: { headersTimeout: WINDOW_MS },
    // After `finishAnswersFirst`.
    forceCloseConnections: true,
    frameworkErrors: answerFrameworkError,
    routerOptions: { ignoreTrailingSlash: true },
  })
  const apollo = createApolloServer({ onUnexpectedError: error => logger.error(error) })
  await apollo.start()
  await furnish(app, apollo, options)
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

async function furnish(
  app: FastifyInstance,
  apollo: ApolloServer<GraphQLContext>,
  { host, context, ...options }: ServerOptions,
): Promise<void> {
  const rule = hostRule(host)
  const incoming = new Incoming(options.incoming)
  await incoming.clear()
  answerErrors(app)
  limitBodyTime(app)
  // What does not end by itself is ended before the answers under way are waited for.
  app.addHook('preClose', async () => incoming.abort())
  serveSubscriptions(app, context, rule)
  finishAnswersFirst(app)
  requireHost(app, rule)
  await app.register(cors, { origin: [SANDBOX_ORIGIN], methods: ['GET', 'POST', 'OPTIONS'], strictPreflight: false })
  serveGraphQL(app, apollo, context)
  serveIngest(app, { apollo, context, incoming })
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
