import type { ApolloServer } from '@apollo/server'
import cors from '@fastify/cors'
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Exporter } from '../domain/exporter.ts'
import type { QueryLimits } from '../domain/query-limits.ts'
import type { Snapshots } from '../domain/snapshot.ts'
import { createApolloServer } from '../graphql/apollo-server.ts'
import type { GraphQLContext, GraphQLServices } from '../graphql/context.ts'
import { Authenticator } from './auth/authenticator.ts'
import { authentication } from './auth/route-roles.ts'
import type { AccessRules } from './auth/tokens.ts'
import type { ResponseCache } from './cache/response-cache.ts'
import { chartsRoutes } from './charts.ts'
import { errorResponses, handleFrameworkError, setErrorHeads } from './errors.ts'
import { ExportFileStore, type ExportFileStoreOptions } from './exports/export-file-store.ts'
import { exportRoutes } from './exports/export-route.ts'
import { snapshotRoutes } from './exports/snapshot-route.ts'
import { GracefulShutdown } from './graceful-shutdown.ts'
import { graphqlRoutes } from './graphql-route.ts'
import { hostCheck, hostRule } from './host-check.ts'
import { type ConnectionLimits, connectionLimit, handleClientError, httpServerOptions } from './hostile-connections.ts'
import { listen } from './listen.ts'
import { Health, type HealthOptions, healthRoutes } from './observability/health.ts'
import type { Metrics } from './observability/metrics.ts'
import { Operations } from './observability/operations.ts'
import { requestId, requestIds } from './observability/request-id.ts'
import { type LogOptions, RequestLog } from './observability/request-log.ts'
import { rejectForeignSockets } from './origin-check.ts'
import { securityHeaders } from './security-headers.ts'
import { SocketLimit } from './subscriptions/socket-authentication.ts'
import { subscriptionsHandler, webSockets } from './subscriptions/subscriptions.ts'
import { slowRequestTimeout } from './timeouts.ts'
import { uploadRoutes } from './uploads/upload-route.ts'
import { UploadStore, type UploadStoreOptions } from './uploads/upload-store.ts'

export interface RequestLimits extends ConnectionLimits {
  readonly query: QueryLimits
  readonly maxBodyBytes: number
}

export interface ServerAccess extends AccessRules {
  readonly allowedHosts: readonly string[]
  readonly corsOrigins: readonly string[]
  /** Addresses, and networks such as `10.0.0.0/8`, whose X-Forwarded headers are trusted. */
  readonly trustedProxies: readonly string[]
  readonly requestsPerMinute: number
  readonly authFailuresPerMinute: number
  readonly socketsPerAddress: number
}

export interface ServerOptions {
  readonly host: string
  readonly port: number
  readonly services: GraphQLServices
  readonly access: ServerAccess
  readonly uploads: UploadStoreOptions
  readonly exports: ExportFileStoreOptions
  readonly snapshots: Snapshots
  readonly exporter: Exporter
  /** Returns another number after each commit to the database, of any process. */
  readonly dataVersion: () => number
  readonly health: HealthOptions
  readonly cache: ResponseCache
  readonly metrics: Metrics
  readonly log: LogOptions
  readonly limits: RequestLimits
  readonly logger: FastifyBaseLogger
}

export interface RunningServer {
  /** The URL of the API. */
  readonly url: string
  /** Starts the graceful shutdown. Resolves when no response is pending. */
  drain(): Promise<void>
  /** Closes all connections. */
  close(): Promise<void>
}

/** Starts the server. Resolves when it listens. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const requestLog = new RequestLog(options.logger, options.log)
  const operations = new Operations({
    onFinish(operation) {
      requestLog.logOperation(operation)
      options.metrics.requests.onOperation(operation)
    },
    onError: (error, id) => requestLog.rememberRequest(error, id),
  })
  const apollo = createApolloServer({
    onUnexpectedError: error => requestLog.logUnexpectedError(error),
    limits: options.limits.query,
    plugins: [setErrorHeads(), operations.apolloPlugin()],
  })
  await apollo.start()
  const shutdown = new GracefulShutdown()
  const app = createApp(options)
  const { authenticator } = await registerChecks(app, options, { requestLog, shutdown })
  await registerRoutes(app, options, { apollo, operations, authenticator, shutdown })
  const url = await listen(app, options.host, options.port)
  return {
    url,
    drain: () => {
      shutdown.start()
      return shutdown.pendingResponses()
    },
    close: async () => {
      await app.close()
      await apollo.stop()
    },
  }
}

function createApp({ logger, limits, access }: ServerOptions): FastifyInstance {
  return fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestId,
    bodyLimit: limits.maxBodyBytes,
    http: httpServerOptions(limits),
    keepAliveTimeout: limits.keepAliveMs,
    // GracefulShutdown waits for pending responses and rejects new requests before.
    forceCloseConnections: true,
    return503OnClosing: false,
    frameworkErrors: handleFrameworkError,
    clientErrorHandler: handleClientError,
    routerOptions: { ignoreTrailingSlash: true },
    trustProxy: access.trustedProxies.length > 0 && [...access.trustedProxies],
  }) as FastifyInstance
}

interface CheckParts {
  readonly requestLog: RequestLog
  readonly shutdown: GracefulShutdown
}

/** Registers what applies to every request and WebSocket upgrade, in the order of its `onRequest` hooks. */
async function registerChecks(
  app: FastifyInstance,
  { host, access, limits, metrics }: ServerOptions,
  { requestLog, shutdown }: CheckParts,
) {
  const authenticator = new Authenticator({
    ...access,
    onUnknownToken: address => app.log.warn({ address }, 'rejected an unknown access token'),
  })
  const onDrop = () => metrics.connections.onDrop()
  await app.register(requestIds)
  await app.register(requestLog.plugin)
  await app.register(metrics.plugin)
  await app.register(errorResponses)
  await app.register(securityHeaders)
  await app.register(connectionLimit, { maxConnections: limits.maxConnections, onDrop })
  await app.register(slowRequestTimeout, { windowMs: limits.bodyMs })
  await app.register(webSockets, { shutdown })
  await app.register(shutdown.plugin)
  await app.register(hostCheck, {
    rule: hostRule({ address: host, allowedHosts: access.allowedHosts, isOpen: access.anyone !== null }),
  })
  await app.register(cors, {
    origin: [...access.corsOrigins],
    methods: ['GET', 'POST', 'OPTIONS'],
    exposedHeaders: ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset', 'Retry-After'],
    strictPreflight: false,
  })
  await app.register(authentication, { authenticator })
  return { authenticator }
}

interface RouteParts {
  readonly apollo: ApolloServer<GraphQLContext>
  readonly operations: Operations
  readonly authenticator: Authenticator
  readonly shutdown: GracefulShutdown
}

async function registerRoutes(
  app: FastifyInstance,
  options: ServerOptions,
  { apollo, operations, authenticator, shutdown }: RouteParts,
): Promise<void> {
  const { access, limits, cache, exporter, dataVersion, snapshots } = options
  const services = { ...options.services, maxPageSize: limits.query.maxPageSize }
  const uploads = new UploadStore(options.uploads)
  const files = new ExportFileStore(options.exports)
  await Promise.all([uploads.removeLeftovers(), files.removeLeftovers()])
  // Incomplete uploads could not be ingested any more.
  shutdown.onStart(() => uploads.abort())
  const socketLimit = new SocketLimit(access.socketsPerAddress)
  const subscriptions = { services, authenticator, socketLimit, limits: limits.query }
  const webSocket = {
    onRequest: [rejectForeignSockets(access.corsOrigins), socketLimit.onRequest],
    handler: subscriptionsHandler(subscriptions, error => app.log.error(error)),
  }
  await app.register(options.metrics.routes)
  await app.register(healthRoutes, { health: new Health(options.health, () => shutdown.isStarted) })
  await app.register(graphqlRoutes, { apollo, services, cache, operations, webSocket })
  await app.register(chartsRoutes)
  await app.register(uploadRoutes, { ingestor: services.ingestor, uploads })
  await app.register(snapshotRoutes, { snapshots, shutdown })
  await app.register(exportRoutes, { exporter, dataVersion, files })
}
