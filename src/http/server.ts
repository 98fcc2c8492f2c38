import type { ApolloServer } from '@apollo/server'
import cors from '@fastify/cors'
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Exporter } from '../domain/exporter.ts'
import type { QueryLimits } from '../domain/query-limits.ts'
import type { Snapshots } from '../domain/snapshot.ts'
import { createApolloServer } from '../graphql/apollo-server.ts'
import type { GraphQLContext, GraphQLServices } from '../graphql/context.ts'
import { trustIn } from './access/address.ts'
import { Gate } from './access/gate.ts'
import { requireRouteRights } from './access/routes.ts'
import { SocketGate } from './access/sockets.ts'
import type { AccessRules } from './access/tokens.ts'
import { limitBodyTime } from './body-time.ts'
import { serveCharts } from './charts-route.ts'
import { answerClientError } from './client-error.ts'
import { type ConnectionLimits, headerTimes, limitConnections } from './connections.ts'
import { answerErrors, answerFrameworkError, setErrorHeads } from './errors.ts'
import { serveExports } from './export-route.ts'
import { type GraphQLWays, serveGraphQL } from './graphql-route.ts'
import { Health, type HealthOptions } from './health.ts'
import { serveHealth } from './health-route.ts'
import { hostRule, requireHost } from './host.ts'
import { Incoming, type IncomingOptions } from './incoming.ts'
import { serveIngest } from './ingest-route.ts'
import { listen } from './listening.ts'
import { answerWithRequestId, requestId } from './log/request-id.ts'
import { type LogOptions, RequestLog } from './log/request-log.ts'
import type { Metrics } from './metrics/metrics.ts'
import { serveMetrics } from './metrics/route.ts'
import { type OperationObserver, Operations } from './operations.ts'
import { Outgoing, type OutgoingOptions } from './outgoing.ts'
import { refuseUnsupported } from './protocol.ts'
import type { ResponseCache } from './responses/response-cache.ts'
import { SameAgain } from './responses/same-again.ts'
import { setSecurityHeaders } from './security-headers.ts'
import { serveSnapshot } from './snapshot-route.ts'
import { Stopping } from './stopping.ts'
import { serveSubscriptions } from './subscriptions-route.ts'
import { TAKEN_OFFERS } from './upgrade.ts'

/** What a request may take of the server. */
export interface RequestLimits extends ConnectionLimits {
  readonly query: QueryLimits
  readonly maxBodyBytes: number
}

export interface ServerOptions {
  readonly host: string
  readonly port: number
  readonly services: GraphQLServices
  readonly access: ServerAccess
  readonly incoming: IncomingOptions
  readonly snapshots: Snapshots
  readonly outgoing: OutgoingOptions
  readonly exporter: Exporter
  /** Another number than before when something was committed in between, by any process. */
  readonly dataVersion: () => number
  readonly health: HealthOptions
  readonly responses: ResponseCache
  readonly metrics: Metrics
  readonly log: LogOptions
  readonly limits: RequestLimits
  readonly logger: FastifyBaseLogger
}

/** Who may do what, from where, how often. */
export interface ServerAccess extends AccessRules {
  readonly allowedHosts: readonly string[]
  readonly corsOrigins: readonly string[]
  readonly trustedProxies: readonly string[]
  readonly requestsPerMinute: number
  readonly authFailuresPerMinute: number
  readonly socketsPerAddress: number
}

export interface RunningServer {
  /** Of the API, as a person opens it. */
  readonly url: string
  /** Takes no more requests; resolves when those under way are answered. */
  drain(): Promise<void>
  /** Cuts what is still under way. */
  close(): Promise<void>
}

/** Starts answering; resolves when the port is open. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host, port, logger, access, limits } = options
  const requestLog = new RequestLog(logger, options.log)
  const operations = new Operations(observerOf(requestLog, options.metrics))
  const stopping = new Stopping()
  const sameAgain = sameAgainOf(options, { requestLog, operations, stopping })
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestId,
    bodyLimit: limits.maxBodyBytes,
    // Without a host it is refused in our words: see `requireHost`.
    http: { ...headerTimes(limits), ...TAKEN_OFFERS, requireHostHeader: false },
    keepAliveTimeout: limits.keepAliveMs,
    // After the last answers: see `Stopping`, which also has better words for who comes too late.
    forceCloseConnections: true,
    return503OnClosing: false,
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerClientError,
    routerOptions: { ignoreTrailingSlash: true },
    trustProxy: trustIn(access.trustedProxies),
  })
  const apollo = createApolloServer({
    onUnexpectedError: error => requestLog.unexpected(error),
    limits: limits.query,
    plugins: [operations.plugin(), setErrorHeads()],
  })
  sameAgain?.standBefore(app.server)
  answerWithRequestId(app)
  requestLog.answersOf(app)
  await apollo.start()
  await furnish(app, apollo, stopping, { ...options, operations, sameAgain })
  const url = await listen(app, host, port)
  return {
    url,
    drain: () => {
      stopping.begin()
      return stopping.idle()
    },
    close: async () => {
      await app.close()
      await apollo.stop()
    },
  }
}

async function furnish(
  app: FastifyInstance,
  apollo: ApolloServer<GraphQLContext>,
  stopping: Stopping,
  { host, access, limits, ...options }: ServerOptions & Pick<GraphQLWays, 'operations' | 'sameAgain'>,
): Promise<void> {
  const services = { ...options.services, maxPageSize: limits.query.maxPageSize }
  const rule = hostRule({ ...access, address: host, isOpen: access.anyone !== null })
  const gate = new Gate({
    ...access,
    onUnknownToken: address => app.log.warn({ address }, 'an access token that is not known was refused'),
  })
  const incoming = new Incoming(options.incoming)
  const outgoing = new Outgoing(options.outgoing)
  await Promise.all([incoming.clear(), outgoing.clear()])
  answerErrors(app)
  setSecurityHeaders(app)
  limitConnections(app, limits, options.metrics.connections)
  limitBodyTime(app, limits.bodyMs)
  refuseUnsupported(app)
  // What is still being received could not be ingested any more.
  stopping.onBegin(() => incoming.abort())
  serveSubscriptions(app, {
    services,
    stopping,
    limits: limits.query,
    rules: { host: rule, origins: access.corsOrigins },
    gate: new SocketGate({ ...access, gate, trust: trustIn(access.trustedProxies) }),
  })
  stopping.guard(app)
  requireHost(app, rule)
  await app.register(cors, {
    origin: [...access.corsOrigins],
    methods: ['GET', 'POST', 'OPTIONS'],
    exposedHeaders: ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset', 'Retry-After'],
    strictPreflight: false,
  })
  // Every route below says which right it needs.
  requireRouteRights(app, gate)
  serveMetrics(app, options.metrics)
  serveHealth(app, new Health(options.health, () => stopping.isBegun))
  const { responses, operations, sameAgain } = options
  serveGraphQL(app, { apollo, services, responses, operations, sameAgain })
  await serveCharts(app)
  serveIngest(app, { apollo, services, incoming })
  serveSnapshot(app, options.snapshots, stopping)
  serveExports(app, { exporter: options.exporter, dataVersion: options.dataVersion, outgoing })
}

interface Told {
  readonly requestLog: RequestLog
  readonly operations: Operations
  readonly stopping: Stopping
}

/** Undefined where requests are counted against a limit, each of them. */
function sameAgainOf(
  { access, responses, metrics }: ServerOptions,
  { requestLog, operations, stopping }: Told,
): SameAgain | undefined {
  if (access.requestsPerMinute !== Number.POSITIVE_INFINITY) return undefined
  return new SameAgain({
    responses,
    isOpen: () => !stopping.isBegun,
    onSent({ id, method, status, seconds, answer }) {
      operations.repeated(answer.operation, id, seconds)
      requestLog.answered({ id, method, route: '/graphql', status, ms: seconds * 1000 })
      metrics.requests.answered('/graphql', method, status, seconds)
    },
  })
}

function observerOf(log: RequestLog, { requests }: Metrics): OperationObserver {
  return {
    finished(operation) {
      log.executed(operation)
      requests.executed(operation)
    },
    failed: (error, id) => log.hear(error, id),
  }
}
