/** Defective and slow connections, over raw sockets. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { converse, post, request } from '../support/program/http.ts'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'
import { until } from '../support/until.ts'
import { Scrape } from './support/scrape.ts'
import { RawSocket } from './support/web-socket.ts'

const MAX_CONNECTIONS = 4
const programs = usePrograms()
let server: TestServer
beforeAll(async () => {
  const seconds = { HTTP_BODY_SECONDS: '1', HTTP_KEEP_ALIVE_SECONDS: '1' }
  const env = { ...seconds, HTTP_MAX_CONNECTIONS: String(MAX_CONNECTIONS) }
  server = await programs.serve({ cwd: await programs.folder(), args: ['--no-demo'], env })
})

const HOST = 'Host: localhost\r\n'
const UPGRADE = `${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\n`
const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
const JSON_BODY = 'Content-Type: application/json\r\nContent-Length: 24\r\n'

describe('rejected with GraphQL JSON', () => {
  test.each<[string, string, string, string]>([
    ['two Hosts', `GET /healthz HTTP/1.1\r\n${HOST}host: evil.example\r\n\r\n`, '400 Bad Request', 'BAD_REQUEST'],
    ['twice the same', `GET /healthz HTTP/1.1\r\n${HOST}${HOST}\r\n`, '400 Bad Request', 'BAD_REQUEST'],
    ['an empty Host', 'GET /healthz HTTP/1.1\r\nHost:\r\n\r\n', '403 Forbidden', 'FORBIDDEN'],
    ['HTTP/1.0 without Host', 'GET /healthz HTTP/1.0\r\n\r\n', '403 Forbidden', 'FORBIDDEN'],
    [
      'a WebSocket without a key',
      `GET /graphql HTTP/1.1\r\n${UPGRADE}Sec-WebSocket-Version: 13\r\n\r\n`,
      '400 Bad Request',
      'BAD_REQUEST',
    ],
    [
      'a WebSocket of another version',
      `GET /graphql HTTP/1.1\r\n${UPGRADE}${KEY}Sec-WebSocket-Version: 99\r\n\r\n`,
      '400 Bad Request',
      'BAD_REQUEST',
    ],
    [
      'a WebSocket with protocols that are none',
      `GET /graphql HTTP/1.1\r\n${UPGRADE}${KEY}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ,,\r\n\r\n`,
      '400 Bad Request',
      'BAD_REQUEST',
    ],
    [
      'a WebSocket by POST',
      `POST /graphql HTTP/1.1\r\n${UPGRADE}${KEY}Sec-WebSocket-Version: 13\r\n\r\n`,
      '405 Method Not Allowed',
      'METHOD_NOT_ALLOWED',
    ],
    [
      'a WebSocket with two Hosts',
      `GET /graphql HTTP/1.1\r\n${UPGRADE}${HOST}${KEY}Sec-WebSocket-Version: 13\r\n\r\n`,
      '400 Bad Request',
      'BAD_REQUEST',
    ],
  ])('%s', async (_, sent, status, code) => {
    const [head, body] = split(await converse(server, sent))
    expect(head).toContain(`HTTP/1.1 ${status}\r\n`)
    expect(head).toMatch(/^Content-Type: application\/json; charset=utf-8$/im)
    expect(body).toEqual({ errors: [{ message: expect.stringMatching(/\w+\.$/), extensions: { code } }] })
  })

  test.each([
    ['no Host', 'GET /healthz HTTP/1.1\r\n\r\n', 'HTTP/1.1 400 Bad Request\r\n'],
    [
      'an unknown Expect',
      `POST /graphql HTTP/1.1\r\n${HOST}Connection: close\r\nExpect: tea\r\n${JSON_BODY}\r\n`,
      'HTTP/1.1 417 Expectation Failed\r\n',
    ],
    ['CONNECT', `CONNECT localhost:80 HTTP/1.1\r\n${HOST}\r\n`, ''],
  ])('%s is rejected by Node itself', async (_, sent, answer) => {
    expect((await converse(server, sent)).slice(0, answer.length || undefined)).toBe(answer)
  })

  test('100-continue is answered', async () => {
    const text = await converse(
      server,
      `POST /graphql HTTP/1.1\r\n${HOST}Connection: close\r\nExpect: 100-continue\r\n${JSON_BODY}\r\n{"query":"{__typename}"}\n`,
    )
    expect(text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/)
  })
})

describe('disconnected soon after the time limit, with a response', () => {
  test.each([
    ['nothing', ''],
    ['half a line', 'GET /heal'],
    ['headers without end', `GET /healthz HTTP/1.1\r\n${HOST}`],
    ['half a body', `POST /graphql HTTP/1.1\r\n${HOST}${JSON_BODY}\r\n{`],
  ])('a client that sends %s', async (_, sent) => {
    const began = performance.now()
    const [head, body] = split(await converse(server, sent))
    // The limit and the second until it is looked at, on a busy machine. Node itself looks every half minute.
    expect((performance.now() - began) / 1000).toBeLessThan(15)
    expect(head).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'REQUEST_TIMEOUT' } }] })
  })

  test('a client that never closes its end is disconnected', async () => {
    const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true })
    socket.on('error', () => {}).write('nonsense\r\n\r\n')
    await once(socket.resume(), 'end')
    await openConnections(1)
    socket.destroy()
  })

  test('an idle connection is closed without a response', async () => {
    const text = await converse(server, `GET /healthz HTTP/1.1\r\n${HOST}\r\n`)
    expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1)
    expect(text).toMatch(/^Keep-Alive: timeout=1$/m)
  })
})

test('connections above the limit are closed and counted, and WebSockets count', async () => {
  await openConnections(1)
  const before = await metric('_dropped_total')
  const sockets = Array.from({ length: MAX_CONNECTIONS }, () => new RawSocket(server))
  for (const socket of sockets) await socket.initialize()
  for (let n = 0; n < 3; n++)
    await expect(request(server, post('{ __typename }'))).rejects.toThrow(/hang up|ECONNRESET/)
  sockets[0]!.close()
  await openConnections(MAX_CONNECTIONS)
  for (const socket of sockets) socket.close()
  expect((await metric('_dropped_total')) - before).toBeGreaterThanOrEqual(3)
  expect(server.process.stderr.match(/connection limit is reached/g)).toHaveLength(1)
})

/** One of the metrics of connections, asked for on a connection of its own. */
async function metric(name: string): Promise<number> {
  const { status, body } = await request(server, { path: '/metrics' })
  expect(status).toBe(200)
  return new Scrape(body).value(`account_growth_http_connections${name}`)
}

/** Waits until so many are open, the one that asks among them. */
async function openConnections(count: number): Promise<void> {
  await until(async () => (await metric('').catch(() => Number.NaN)) === count, `${count} connections`)
}

function split(answer: string): [head: string, body: unknown] {
  const end = answer.indexOf('\r\n\r\n')
  return [answer.slice(0, end), JSON.parse(answer.slice(end + 4))]
}
