import { connect } from 'node:net'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'

const programs = usePrograms()
let server: TestServer
beforeAll(async () => {
  server = await programs.serve({ cwd: await programs.folder(), args: ['--no-demo'] })
})

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

test('a request that offers HTTP/2 is answered, body and all, and so is the next one', async () => {
  const text = await exchange(post(H2C) + QUERY, post('') + QUERY)
  expect(text.match(/HTTP\/1.1 200 OK/g)).toHaveLength(2)
  expect(text.match(/\{"data":\{"dataset":\{"accountCount":0\}\},/g)).toHaveLength(2)
})

test('its host is judged all the same', async () => {
  const text = await exchange(`GET /graphql?query={__typename} HTTP/1.1\r\nHost: evil.example\r\n${H2C}\r\n`)
  expect(text).toMatch(/^HTTP\/1.1 403 /)
})

test.each([
  ['/other', 'Host: localhost\r\n', '404 Not Found', 'NOT_FOUND'],
  ['/graphql', 'Host: evil.example\r\n', '403 Forbidden', 'FORBIDDEN'],
  ['/graphql', 'Host: localhost\r\nOrigin: http://evil.example\r\n', '403 Forbidden', 'FORBIDDEN'],
])('a WebSocket at %s with %j is refused in words', async (path, headers, status, code) => {
  const key = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
  const text = await exchange(
    `GET ${path} HTTP/1.1\r\n${headers}Connection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n`,
  )
  expect(text).toContain(`HTTP/1.1 ${status}\r\n`)
  expect(JSON.parse(text.split('\r\n\r\n')[1]!)).toMatchObject({ errors: [{ extensions: { code } }] })
})
