import type { FastifyInstance } from 'fastify'
import { graphqlError } from './errors.ts'
import { answerRaw } from './raw-answer.ts'

/** What Node does too, without asking, so that it never comes to a request's hooks. */
const CONTINUE = /(?:^|\W)100-continue(?:$|\W)/i

/** Refuses in our words what HTTP has and this server has not: Node would answer without any, or hang up. */
export function refuseUnsupported(app: FastifyInstance): void {
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))
  app.addHook('onRequest', ({ headers }, reply, done) => {
    if (headers.expect === undefined || CONTINUE.test(headers.expect)) return done()
    const message = 'No other expectation can be met than 100-continue. Leave the header Expect out.'
    reply.code(417).header('connection', 'close').send(graphqlError('BAD_REQUEST', message))
  })
  app.server.on('connect', (_request, socket) => {
    answerRaw(socket, {
      status: '405 Method Not Allowed',
      code: 'METHOD_NOT_ALLOWED',
      message: 'CONNECT is for proxies, and this is none. The API is at /graphql. Use POST.',
      headers: { Allow: 'GET, HEAD, POST' },
    })
  })
}
