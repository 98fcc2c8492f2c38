import type { ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'

/**
 * Has the server stop when the answers under way are out, and then cut every connection. Who asks nothing is not waited
 * for, nor who has not finished asking: browsers keep connections open, in advance too.
 */
export function finishAnswersFirst(app: FastifyInstance): void {
  const underWay = new Set<ServerResponse>()
  let onLast = () => {}
  app.addHook('preHandler', async (_, { raw }) => {
    underWay.add(raw)
    raw.once('close', () => {
      underWay.delete(raw)
      if (underWay.size === 0) onLast()
    })
  })
  app.addHook('preClose', async () => {
    if (underWay.size > 0) await new Promise<void>(resolve => (onLast = resolve))
  })
}
