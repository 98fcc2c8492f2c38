import type { ServerOptions } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { ConnectionMetrics } from './metrics/connections.ts'

/** What connections may take of the server: docs/limits.md. */
export interface ConnectionLimits {
  /** Open at a time, WebSockets among them. */
  readonly maxConnections: number
  /** How long a connection is kept on which nothing more is asked. */
  readonly keepAliveMs: number
  /** Within this a request's headers have to be here, and its body too where nothing else is said. */
  readonly bodyMs: number
}

const LOOK_EVERY_MS = 1_000
const WARN_EVERY_MS = 60_000

/** Node looks only twice a minute for those who are too slow, unless it is told to. */
export function headerTimes({ bodyMs }: ConnectionLimits): ServerOptions {
  return { headersTimeout: bodyMs, connectionsCheckingInterval: Math.min(LOOK_EVERY_MS, bodyMs) }
}

/** Closes connections beyond the limit as they come. To be told why, they would have to be kept until they ask. */
export function limitConnections(
  app: FastifyInstance,
  { maxConnections }: ConnectionLimits,
  metrics: ConnectionMetrics,
): void {
  const { server } = app
  server.maxConnections = maxConnections
  let warnedAt = Number.NEGATIVE_INFINITY
  server.on('drop', () => {
    metrics.dropped()
    if (performance.now() - warnedAt < WARN_EVERY_MS) return
    warnedAt = performance.now()
    app.log.warn({ maxConnections }, 'all connections are taken: new ones are closed')
  })
  metrics.follow(server)
}
