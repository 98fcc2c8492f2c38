import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import fp from 'fastify-plugin'

/** The id is passed to Apollo Server in this header too. */
export const REQUEST_ID_HEADER = 'x-request-id'

/** The characters that tracing systems use in ids. None of them can be mistaken for the syntax of a log. */
const VALID_ID = /^[\w.:=+/@-]{1,128}$/

/** Returns the id of a request: the client's own if it is valid, or a new one. */
export function requestId({ headers }: IncomingMessage): string {
  const id = headers[REQUEST_ID_HEADER]
  return typeof id === 'string' && VALID_ID.test(id) ? id : randomUUID()
}

/** Sets `x-request-id` on every response. */
export const requestIds = fp(
  async app => {
    app.addHook('onRequest', (request, reply, done) => {
      request.headers[REQUEST_ID_HEADER] = request.id
      reply.header(REQUEST_ID_HEADER, request.id)
      done()
    })
  },
  { name: 'request-ids' },
)
