import { once } from 'node:events'
import { connect } from 'node:net'
import fastify from 'fastify'
import { GracefulShutdown } from '../../src/http/graceful-shutdown.ts'
import { usePrograms } from '../support/program/programs.ts'
import { until } from '../support/until.ts'

const programs = usePrograms()

const OPEN_A_SOCKET =
  'GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n' +
  'Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n'

/** WebSocket frames. A client must mask its frames. */
const CLOSE = 0x88
const NOT_MASKED = Buffer.from([0x81, 1, 0x61])

test('a WebSocket client that answers a close frame with invalid frames does not disturb the shutdown', async () => {
  const server = await programs.serve({ cwd: await programs.folder(), args: ['--no-demo'] })
  const client = connect(server.port, '127.0.0.1').on('error', () => {})
  client.write(OPEN_A_SOCKET)
  expect(String(await once(client, 'data'))).toMatch(/^HTTP\/1\.1 101 /)
  let gotCloseFrame = false
  client.on('data', (bytes: Buffer) => {
    gotCloseFrame ||= bytes[0] === CLOSE
    client.write(NOT_MASKED)
  })
  await server.stop()
  expect(gotCloseFrame).toBe(true)
  expect(server.process.stderr).toBe('')
})

test('everything that waits for pending responses is resolved', async () => {
  const shutdown = new GracefulShutdown()
  const app = fastify()
  await app.register(shutdown.plugin)
  let isAsked = false
  let answer = () => {}
  app.get('/', async () => {
    isAsked = true
    await new Promise<void>(resolve => (answer = resolve))
    return 'late'
  })
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  const asked = fetch(origin)
  await until(() => isAsked, 'it to be asked')
  let resolved = 0
  for (const idle of [shutdown.pendingResponses(), shutdown.pendingResponses()]) void idle.then(() => resolved++)
  answer()
  expect(await (await asked).text()).toBe('late')
  try {
    await until(() => resolved === 2, 'both promises to resolve')
  } finally {
    await app.close()
  }
})
