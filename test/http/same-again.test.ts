import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import fastify, { type FastifyInstance } from 'fastify'
import { parseJsonLate } from '../../src/http/responses/json-text.ts'
import { requestKey } from '../../src/http/responses/request-key.ts'
import { type KeptAnswer, ResponseCache } from '../../src/http/responses/response-cache.ts'
import { SameAgain, type SentAgain } from '../../src/http/responses/same-again.ts'

const OPERATION = { name: 'Page', type: 'query', hash: undefined, text: '', status: 'ok' }

let app: FastifyInstance
let version = 1
let isOpen = true
let fault: Error | undefined
function dataVersion(): number {
  if (fault) throw fault
  return version
}

/** How many requests have come to the framework, and what was told of the others. */
let handled = 0
let again: SentAgain[] = []

/** Each body is answered with itself and how many were answered before it. */
beforeAll(async () => {
  app = fastify()
  app.decorateRequest('caller')
  app.addHook('onRequest', async request => {
    request.caller = { token: null, role: 'read' }
  })
  parseJsonLate(app)
  const responses = new ResponseCache({ maxBytes: 1e6, dataVersion })
  const sameAgain = new SameAgain({ responses, isOpen: () => isOpen, onSent: sent => again.push(sent) })
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: (request, reply) => {
      handled++
      const key = requestKey(request)!
      const found = responses.find(key)
      const text = `${handled}: ${key.slice(key.lastIndexOf('\n') + 1)}`
      const answer: KeptAnswer = { headers: {}, body: Buffer.from(text), etag: undefined, operation: OPERATION }
      if (!found) responses.keep(key, version, answer)
      reply.headers({ 'x-request-id': 'first', 'x-word': 'kept', 'content-length': (found ?? answer).body.length })
      if (found) sameAgain.learn({ key, answer: found }, request, reply)
      return reply.send((found ?? answer).body)
    },
  })
  sameAgain.standBefore(app.server)
  await app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => app.close())
beforeEach(() => {
  version++
  isOpen = true
  handled = 0
  again = []
})

function message(body: string, headers: readonly string[] = []): string {
  const head = ['POST /graphql HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', ...headers]
  return [...head, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n')
}

/** Sends pieces over one connection, a while apart; resolves with all that comes back, an answer to each request. */
async function answers(...pieces: (string | Buffer)[]): Promise<string> {
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  for (const piece of pieces) {
    socket.write(piece)
    await sleep(20)
  }
  const wanted = countOf('POST /', pieces.join(''))
  for (const end = Date.now() + 30_000; countOf('HTTP/1.1 ', text) < wanted && Date.now() < end; ) await sleep(5)
  socket.destroy()
  await once(socket, 'close')
  return text
}

function countOf(word: string, text: string): number {
  return text.split(word).length - 1
}

/** The bodies of answers that succeed. */
async function send(...pieces: (string | Buffer)[]): Promise<string[]> {
  const bodies = (await answers(...pieces)).split('HTTP/1.1 200 OK').slice(1)
  return bodies.map(answer => answer.slice(answer.indexOf('\r\n\r\n') + 4))
}

test('what comes for the third time does not come to the framework', async () => {
  const one = message('"one"')
  expect(await send(one, one, one, one)).toEqual(Array(4).fill('1: "one"'))
  expect(handled).toBe(2)
  expect(again).toEqual(
    Array(2).fill({
      id: expect.any(String),
      method: 'POST',
      status: 200,
      seconds: expect.any(Number),
      answer: expect.anything(),
    }),
  )
  expect(new Set(again.map(({ id }) => id)).size).toBe(2)
})

test('several in one piece are answered in turn', async () => {
  const [one, two] = [message('"one"'), message('"two"')]
  await send(one, one, two, two)
  expect(await send(one + two + one + two)).toEqual(['1: "one"', '3: "two"', '1: "one"', '3: "two"'])
  expect(handled).toBe(4)
})

test('a database that cannot be asked is told of by the framework', async () => {
  const one = message('"one"')
  await send(one, one, one)
  expect(handled).toBe(2)
  fault = new Error('disk I/O error')
  expect(await answers(one)).toContain('HTTP/1.1 500')
  fault = undefined
  expect(await send(one)).toEqual(['1: "one"'])
})

test('a body that comes later is read by the framework, whole', async () => {
  const one = message('"one, ü"')
  await send(one, one, one)
  const bytes = Buffer.from(one)
  expect(await send(bytes.subarray(0, -5), bytes.subarray(-5))).toEqual(['1: "one, ü"'])
  expect(await send(bytes.subarray(0, 40), bytes.subarray(40))).toEqual(['1: "one, ü"'])
  expect(handled).toBe(3)
})

test.each([
  ['another body', message('"two"')],
  ['another header', message('"one"', ['Accept: text/plain'])],
  ['an id', message('"one"', ['X-Request-Id: mine'])],
  ['another address', message('"one"').replace('/graphql', '/graphql?')],
])('one with %s comes to the framework', async (_, other) => {
  const one = message('"one"')
  await send(one, one, one)
  expect(handled).toBe(2)
  await send(other)
  expect(handled).toBe(3)
})

test('after a commit, and while the server stops, all come to the framework', async () => {
  const one = message('"one"')
  await send(one, one, one)
  expect(handled).toBe(2)
  version++
  expect(await send(one)).toEqual(['3: "one"'])
  await send(one, one)
  expect(handled).toBe(4)
  isOpen = false
  await send(one)
  expect(handled).toBe(5)
})
