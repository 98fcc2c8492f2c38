import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { collectDefaultMetrics, Registry } from 'prom-client'
import type { QueueStatus } from '../../domain/ingestion.ts'
import type { Reader } from '../../domain/reader.ts'
import type { ResponseCache } from '../cache/response-cache.ts'
import { IngestionMetrics } from './ingestion-metrics.ts'
import { RequestMetrics } from './request-metrics.ts'
import { addDatabaseMetrics, addResponseCacheMetrics, ConnectionMetrics } from './state-metrics.ts'

/** Whose state is read at each scrape. */
export interface MetricsSources {
  readonly databasePath: string
  readonly reader: Pick<Reader, 'dataset'>
  readonly queueStatus: () => QueueStatus
  readonly cache: Pick<ResponseCache, 'statistics'>
}

/** The route label of a request that matches no route. */
const NO_ROUTE = 'none'

/** All metrics, in a registry of their own: docs/operations.md, "Metrics". */
export class Metrics {
  readonly #registry = new Registry()
  readonly requests = new RequestMetrics(this.#registry)
  readonly connections = new ConnectionMetrics(this.#registry)
  readonly ingestions = new IngestionMetrics(this.#registry)

  /** Adds the metrics that are read at each scrape. */
  observe({ databasePath, reader, queueStatus, cache }: MetricsSources): void {
    this.ingestions.observe(queueStatus)
    addDatabaseMetrics(this.#registry, databasePath, reader)
    addResponseCacheMetrics(this.#registry, cache)
    // Of the process: memory, CPU, open files, event loop delay, garbage collection.
    collectDefaultMetrics({ register: this.#registry })
  }

  /** Counts responses. */
  readonly plugin = fp(
    async (app: FastifyInstance) => {
      this.connections.observe(app.server)
      app.addHook('onResponse', ({ method, routeOptions }, reply, done) => {
        const { statusCode, elapsedTime } = reply
        this.requests.onResponse(routeOptions.url ?? NO_ROUTE, method, statusCode, elapsedTime / 1000)
        done()
      })
    },
    { name: 'metrics' },
  )

  /** Serves /metrics in Prometheus' text format. */
  readonly routes = async (app: FastifyInstance): Promise<void> => {
    app.get('/metrics', { config: { role: 'read', availableDuringShutdown: true } }, async (_, reply) => {
      reply.header('cache-control', 'no-store').type(this.#registry.contentType)
      return this.#registry.metrics()
    })
  }
}
