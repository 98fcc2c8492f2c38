import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { nodeId } from '../../../src/graphql/node-id.ts'
import { acquireLock } from '../../../src/storage/sqlite/files/lock.ts'
import { writeBigDrop, writeDrop } from '../../support/program/drops.ts'
import { usePrograms } from '../../support/program/programs.ts'
import type { TestServer } from '../../support/program/server.ts'
import { LARGE_ROWS, largeDrop } from '../support/large-drop.ts'
import { upload, uploadFile } from '../support/upload.ts'
import { follow, handshake, PROGRESS, RawSocket, socketUrl, type Update } from '../support/web-socket.ts'

const programs = usePrograms()
let folder: string
let server: TestServer
beforeAll(async () => {
  folder = await programs.folder()
  server = await programs.serve({ cwd: folder, args: ['--no-demo'] })
})

const states = (updates: readonly Update[]) => updates.map(({ state }) => state!)

test('a subscriber sees an upload from the queue to its end, with growing row counts', async () => {
  await writeBigDrop(join(folder, '1.parquet'), 1)
  const large = await largeDrop()
  // While another program writes, the first file waits for it and the second one for the first.
  const lock = await acquireLock(join(folder, 'data', 'accounts.db'), 'write', 0)
  await uploadFile(server, join(folder, '1.parquet'), { wait: false })
  const { status, body } = await upload(server, large, { wait: false, name: 'large.parquet' })
  expect(status).toBe(202)
  const began = performance.now()
  const updates = await follow(server, body.ingestion!.id, () => lock.release())
  const seconds = (performance.now() - began) / 1000

  expect(updates[0]!.state).toMatchObject({ status: 'QUEUED', rowsTotal: null, rowsRead: 0 })
  expect(updates.at(-1)!.state).toMatchObject({ status: 'SUCCEEDED', rowsTotal: LARGE_ROWS, rowsRead: LARGE_ROWS })
  const running = states(updates).filter(({ status, rowsRead }) => status === 'RUNNING' && rowsRead > 0)
  expect(running.length).toBeGreaterThan(0)
  for (const [i, state] of running.entries()) {
    expect(state).toMatchObject({
      rowsTotal: LARGE_ROWS,
      rowsPerSecond: expect.any(Number),
      secondsLeft: expect.any(Number),
    })
    if (i > 0) expect(state.rowsRead).toBeGreaterThanOrEqual(running[i - 1]!.rowsRead)
  }
  expect(updates.at(-1)!.state?.rowsRead).toBeGreaterThan(0)
  expect(states(updates).map(({ status }) => status)).toContain('RUNNING')
  // A slower machine may receive more updates.
  expect(updates.length).toBeLessThanOrEqual(seconds * 10 + 2)
})

test('an ended ingestion is sent once', async () => {
  const path = join(folder, 'small.parquet')
  await writeDrop(path, [{ account: 1, count: 5000, at: '2024-05-01T00:00:00Z' }])
  const { body } = await uploadFile(server, path)
  expect(states(await follow(server, body.ingestion!.id))).toMatchObject([{ status: 'SUCCEEDED', rowsRead: 1 }])
})

test('errors have the same form as over HTTP', async () => {
  const unknown = await follow(server, nodeId({ type: 'Ingestion', id: 'no such' }))
  expect(unknown).toMatchObject([
    { errors: [{ message: expect.any(String), path: ['ingestionProgress'], extensions: { code: 'NOT_FOUND' } }] },
  ])
  expect(await follow(server, 'x')).toMatchObject([{ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] }])
})

test('a handshake is checked for host and origin', async () => {
  const { port } = server
  expect(await handshake(server, {})).toBe(101)
  for (const origin of [`http://127.0.0.1:${port}`, `http://localhost:${port}`, 'https://studio.apollographql.com']) {
    expect([origin, await handshake(server, { origin })]).toEqual([origin, 101])
  }
  const foreign = ['http://evil.example', 'null', `http://localhost:${port + 1}`, `http://evil.example:${port}`]
  for (const origin of [...foreign, 'http://studio.apollographql.com', `http://localhost:${port}.evil.example`]) {
    expect([origin, await handshake(server, { origin })]).toEqual([origin, 403])
  }
  expect(await handshake(server, { host: `evil.example:${port}`, origin: `http://evil.example:${port}` })).toBe(403)
  expect(await handshake(server, {}, '/other')).toBe(404)
})

describe('a WebSocket', () => {
  const subscribe = (query: string, id = '1') => ({ id, type: 'subscribe', payload: { query } })

  async function introduced(to = server): Promise<RawSocket> {
    const socket = new RawSocket(to)
    await socket.initialize()
    return socket
  }

  test.each([
    ['queries', '{ dataset { asOf } }', 'BAD_REQUEST'],
    ['mutations', 'mutation { cancelIngestion(input: {id: "x"}) { userErrors { code } } }', 'BAD_REQUEST'],
    ['too many tokens', `subscription { ${'a '.repeat(1000)} }`, 'QUERY_TOO_COMPLEX'],
    ['unknown fields', 'subscription { ingestionProgres { id } }', 'GRAPHQL_VALIDATION_FAILED'],
  ])('rejects %s', async (_, query, code) => {
    const socket = await introduced()
    await socket.send(subscribe(query))
    expect(await socket.waitFor('error')).toMatchObject({ id: '1', payload: [{ extensions: { code } }] })
    socket.close()
  })

  test('is closed after no message, a message that is too large, and an invalid one', async () => {
    const [silent, loud, confused, hasty] = [1, 2, 3, 4].map(() => new RawSocket(server))
    await loud!.send({ type: 'connection_init', payload: { text: 'x'.repeat(256 * 1024) } })
    await confused!.send('{')
    await hasty!.send(subscribe('subscription { __typename }'))
    const codes = await Promise.all([silent, loud, confused, hasty].map(async socket => (await socket!.closed)[0]))
    expect(codes).toEqual([4408, 1009, 4400, 4401])
  })

  test('is closed when its client sends on and never reads', async () => {
    const socket = new WebSocket(socketUrl(server), 'graphql-transport-ws').on('error', () => {})
    await once(socket, 'open')
    socket.pause()
    // Far more than what the system holds for a connection.
    for (let i = 0; i < 400 && socket.readyState === WebSocket.OPEN; i++) {
      socket.send(JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(200_000) } }))
      await sleep(2)
    }
    expect(socket.readyState).not.toBe(WebSocket.OPEN)
    socket.terminate()
  })

  test('carries a hundred subscriptions and no more', async () => {
    await writeBigDrop(join(folder, '3.parquet'), 3)
    const lock = await acquireLock(join(folder, 'data', 'accounts.db'), 'write', 0)
    const { body } = await uploadFile(server, join(folder, '3.parquet'), { wait: false })
    const socket = await introduced()
    const payload = { query: PROGRESS, variables: { id: body.ingestion!.id } }
    for (let id = 0; id <= 100; id++) await socket.send({ id: String(id), type: 'subscribe', payload })
    const code = 'TOO_MANY_SUBSCRIPTIONS'
    expect(await socket.waitFor('error')).toMatchObject({ id: '100', payload: [{ extensions: { code } }] })
    lock.release()
    socket.close()
  })

  test('is closed on shutdown, even if its client is silent', async () => {
    const other = await programs.serve({ cwd: await programs.folder(), args: ['--no-demo'] })
    const socket = await introduced(other)
    await other.stop()
    expect((await socket.closed)[0]).toBe(1001)
  })

  test('logs nothing, whatever its client does', () => {
    expect(server.process.stderr).toBe('')
  })
})
