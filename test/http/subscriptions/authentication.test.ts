import { nodeId } from '../../../src/graphql/node-id.ts'
import { bearer, ENTRIES, TOKENS } from '../../support/program/access.ts'
import { usePrograms } from '../../support/program/programs.ts'
import type { TestServer } from '../../support/program/server.ts'
import { until } from '../../support/until.ts'
import { handshake, RawSocket } from '../support/web-socket.ts'

const programs = usePrograms()
let server: TestServer
beforeAll(async () => {
  server = await programs.serve({
    cwd: await programs.folder(),
    args: ['--no-demo'],
    env: { ACCESS_TOKENS: ENTRIES },
  })
})

const subscription = (fields: string) => ({
  id: '1',
  type: 'subscribe',
  payload: {
    query: `subscription { ingestionProgress(id: "${nodeId({ type: 'Ingestion', id: 'x' })}") { ${fields} } }`,
  },
})

/** The code of the error that the server sends to a subscriber; for an unknown id there always is one. */
async function codeFor(socket: RawSocket, fields = 'status'): Promise<string> {
  await socket.send(subscription(fields))
  const found = await socket.waitFor('next', 'error')
  const errors = found.type === 'error' ? found.payload : (found.payload as { errors: unknown }).errors
  socket.close()
  return (errors as { extensions: { code: string } }[])[0]!.extensions.code
}

describe('a token', () => {
  test('is accepted in the handshake', async () => {
    const socket = new RawSocket(server, bearer('read'))
    await socket.initialize()
    expect(await codeFor(socket)).toBe('NOT_FOUND')
  })

  test.each(['authorization', 'Authorization'])('is accepted in connection_init, as %s', async name => {
    const socket = new RawSocket(server)
    await socket.initialize({ [name]: `Bearer ${TOKENS.read}` })
    expect(await codeFor(socket)).toBe('NOT_FOUND')
  })

  test.each([
    ['none', undefined],
    ['none either', { authorization: null }],
    ['a wrong one', { authorization: 'Bearer agt_wrong' }],
    ['an object', { authorization: { toString: 1 } }],
    ['a list of a right one', { authorization: [`Bearer ${TOKENS.read}`] }],
  ])('that is %s closes the WebSocket before any subscription', async (_, payload) => {
    const socket = new RawSocket(server)
    await socket.send({ type: 'connection_init', payload })
    await socket.send(subscription('status'))
    expect(await socket.closed).toEqual([4401, 'UNAUTHENTICATED'])
    expect(socket.received).toEqual([])
  })

  test('that is unknown rejects the handshake', async () => {
    expect(await handshake(server, { authorization: 'Bearer agt_wrong' })).toBe(401)
    expect(await handshake(server, bearer('ingest'))).toBe(101)
    expect(server.process.stderr).not.toContain('agt_')
  })
})

test.each([
  ['read', 'FORBIDDEN'],
  ['ingest', 'NOT_FOUND'],
  ['admin', 'NOT_FOUND'],
] as const)('with %s, rejected rows answer %s', async (role, code) => {
  const socket = new RawSocket(server, bearer(role))
  await socket.initialize()
  expect(await codeFor(socket, 'status rejectedRows { totalCount }')).toBe(code)
})

test('an address can open a limited number of WebSockets, and another one after closing one', async () => {
  const env = { ACCESS_TOKENS: ENTRIES, SOCKETS_PER_ADDRESS: '20' }
  const small = await programs.serve({ cwd: await programs.folder(), args: ['--no-demo'], env })
  const open = Array.from({ length: 20 }, () => new RawSocket(small, bearer('read')))
  await Promise.all(open.map(socket => socket.initialize()))
  expect(await handshake(small, bearer('read'))).toBe(429)
  open[0]!.close()
  await open[0]!.closed
  // The server notices it a moment later than the client.
  await until(async () => (await handshake(small, bearer('read'))) === 101, 'room for another')
  for (const socket of open) socket.close()
})
