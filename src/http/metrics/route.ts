import type { FastifyInstance } from 'fastify'
import type { Metrics } from './metrics.ts'

/** What answers no route of ours. */
const NO_ROUTE = 'none'

/** Counts every answer, and tells the counts at /metrics. */
export function serveMetrics(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', ({ method, routeOptions }, reply, done) => {
    metrics.requests.answered(routeOptions.url ?? NO_ROUTE, method, reply.statusCode, reply.elapsedTime / 1000)
    done()
  })
  app.get('/metrics', { config: { right: 'read', whileStopping: true } }, async (_, reply) => {
    reply.header('cache-control', 'no-store').type(metrics.contentType)
    return metrics.text()
  })
}
