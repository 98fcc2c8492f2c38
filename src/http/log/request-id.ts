import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'

/** Also that in which the id travels on to Apollo. */
export const REQUEST_ID = 'x-request-id'

/** What ids of tracing systems are made of, and nothing that could be mistaken for something else in a log. */
const TAKEN = /^[\w.:=+/@-]{1,128}$/

/** The id under which a request is logged: the client's own, or a new one. */
export function requestId({ headers }: IncomingMessage): string {
  const given = headers[REQUEST_ID]
  return typeof given === 'string' && TAKEN.test(given) ? given : randomUUID()
}

/** Has every answer carry the id of its request. */
export function answerWithRequestId(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    request.headers[REQUEST_ID] = request.id
    reply.header(REQUEST_ID, request.id)
    done()
  })
}
