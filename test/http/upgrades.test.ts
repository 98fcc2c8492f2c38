import { connect } from 'node:net'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'
import { until } from '../support/until.ts'

const programs = usePrograms()
let server: TestServer
beforeAll(async () => {
  server = await programs.serve({ cwd: await programs.folder(), args: ['--no-demo'] })
})

const WEB_SOCKET =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n'
const QUERY = '{"query":"{ dataset { accountCount } }"}'
/** As Java's HTTP client begins every connection. */
const H2C =
  'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\n'

/** All that comes back for pieces that are sent one after another. */
function exchange(...pieces: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1')
    let text = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      const next = pieces.shift()
      if (next === undefined) socket.end()
      else socket.write(next)
    })
    socket.on('error', reject).on('close', () => resolve(text))
    socket.write(pieces.shift()!)
  })
}

function post(headers: string): string {
  const type = 'Content-Type: application/json\r\n'
  return `POST /graphql HTTP/1.1\r\nHost: localhost\r\n${headers}${type}Content-Length: ${QUERY.length}\r\n\r\n`
}

test('a request that offers HTTP/2 gets its response, and so does the next request', async () => {
  const text = await exchange(post(H2C) + QUERY, post('') + QUERY)
  expect(text.match(/HTTP\/1.1 200 OK/g)).toHaveLength(2)
  expect(text.match(/\{"data":\{"dataset":\{"accountCount":0\}\},/g)).toHaveLength(2)
})

test.each([
  ['an offer of HTTP/2', post(H2C) + QUERY, 2],
  ['a WebSocket', `GET /graphql HTTP/1.1\r\nHost: localhost\r\n${WEB_SOCKET}\r\n`, 1],
])('%s that is pipelined behind an unanswered request waits for its response', async (_, offer, answers) => {
  const socket = connect(server.port, '127.0.0.1')
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  const count = (word: string) => text.split(word).length - 1
  socket.write(post('') + QUERY + offer)
  await until(() => count('HTTP/1.1 ') === 2, 'two answers')
  expect(text).toMatch(/^HTTP\/1\.1 200 OK/)
  expect(count('HTTP/1.1 200 OK')).toBe(answers)
  if (answers === 2) {
    socket.write(post('') + QUERY)
    await until(() => count('HTTP/1.1 200 OK') === 3, 'a third one')
  } else expect(count('HTTP/1.1 101 ')).toBe(1)
  socket.destroy()
  expect(await server.ask('{ __typename }')).toEqual({ __typename: 'Query' })
})

test('the host of a request that offers HTTP/2 is checked', async () => {
  const text = await exchange(`GET /graphql?query={__typename} HTTP/1.1\r\nHost: evil.example\r\n${H2C}\r\n`)
  expect(text).toMatch(/^HTTP\/1.1 403 /)
})

test.each([
  ['/other', 'Host: localhost\r\n', '404 Not Found', 'NOT_FOUND'],
  ['/graphql', 'Host: evil.example\r\n', '403 Forbidden', 'FORBIDDEN'],
  ['/graphql', 'Host: localhost\r\nOrigin: http://evil.example\r\n', '403 Forbidden', 'FORBIDDEN'],
])('a WebSocket at %s with %j is rejected in GraphQL JSON', async (path, headers, status, code) => {
  const key = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
  const text = await exchange(
    `GET ${path} HTTP/1.1\r\n${headers}Connection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n`,
  )
  expect(text).toContain(`HTTP/1.1 ${status}\r\n`)
  expect(JSON.parse(text.split('\r\n\r\n')[1]!)).toMatchObject({ errors: [{ extensions: { code } }] })
})
