import { type AddressInfo, connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import fastify, { type FastifyInstance } from 'fastify'
import { slowRequestTimeout } from '../../src/http/timeouts.ts'

const WINDOW_MS = 600
let app: FastifyInstance
let received = 0

beforeAll(async () => {
  app = fastify()
  await app.register(slowRequestTimeout, { windowMs: WINDOW_MS })
  app.addContentTypeParser('*', (_request, _body, done) => done(null))
  app.post('/whole', async ({ body }) => body ?? 'nothing')
  app.post('/streamed', { config: { minBodyBytesPerWindow: 10 } }, async ({ raw }) => {
    received = 0
    for await (const chunk of raw) received += chunk.length
    return 'whole'
  })
  app.post('/refused', async (_, reply) => reply.code(415).send('no'))
  await app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => app.close())

/** Sends a body in equal pieces, one after each pause, until all is sent or the server hangs up. */
async function drip(path: string, pieces: number, everyMs: number, piece = 'x'.repeat(20)) {
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {})
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  const closed = new Promise<void>(resolve => socket.once('close', resolve))
  const type = path === '/whole' ? 'Content-Type: text/plain\r\n' : ''
  socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\n${type}Connection: close\r\n`)
  socket.write(`Content-Length: ${pieces * piece.length}\r\n\r\n`)
  for (let sent = 0; sent < pieces && socket.writable; sent++) {
    await sleep(everyMs)
    socket.write(piece)
  }
  await closed
  return Number(text.split(' ')[1])
}

test('a body must be complete within the window', async () => {
  expect(await drip('/whole', 3, 10)).toBe(200)
  expect(await drip('/whole', 10, 150)).toBe(408)
})

test('a body that sends enough bytes in each window may take longer, where its route says so', async () => {
  expect(await drip('/streamed', 12, 100)).toBe(200)
  expect(received).toBe(240)
  expect(await drip('/streamed', 12, 100, 'x')).toBe(408)
})

test('the response arrives before the rest of an unread body', async () => {
  expect(await drip('/refused', 5, 20)).toBe(415)
})
