import type { FastifyInstance } from 'fastify'
import type { Health } from './health.ts'

/** `/healthz`: whether the process answers at all. `/readyz`: whether it can do its work, and if not, why. */
export function serveHealth(app: FastifyInstance, health: Health): void {
  const config = { whileStopping: true, right: 'open' } as const
  app.get('/healthz', { config }, (_, reply) => reply.header('cache-control', 'no-store').send({ status: 'alive' }))
  app.get('/readyz', { config }, async (_, reply) => {
    const checks = await health.checks()
    const isReady = Object.values(checks).every(found => found === 'ok')
    reply.code(isReady ? 200 : 503).header('cache-control', 'no-store')
    return { status: isReady ? 'ready' : 'not ready', checks }
  })
}
