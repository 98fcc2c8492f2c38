import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { type ClientRequest, get, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { jest } from '@jest/globals'
import fastify from 'fastify'
import { snapshotRoutes } from '../../../src/http/exports/snapshot-route.ts'
import { GracefulShutdown } from '../../../src/http/graceful-shutdown.ts'
import { checkDatabase } from '../../../src/storage/sqlite/check/check.ts'
import { acquireLock } from '../../../src/storage/sqlite/files/lock.ts'
import { DownloadSnapshots } from '../../../src/workers/snapshot/snapshots.ts'
import { contentsOf } from '../../support/database/contents.ts'
import { copyingProcessesOf } from '../../support/program/children.ts'
import { writeBigDrop, writeDrop } from '../../support/program/drops.ts'
import { request } from '../../support/program/http.ts'
import { ingest } from '../../support/program/ingest.ts'
import { usePrograms } from '../../support/program/programs.ts'
import type { TestServer } from '../../support/program/server.ts'
import { until } from '../../support/until.ts'

const programs = usePrograms()
let cwd: string
let server: TestServer

beforeAll(async () => {
  cwd = await programs.folder()
  await writeBigDrop(join(cwd, 'data/big.parquet'), 0)
  server = await programs.serve({ cwd, args: ['--no-demo'] })
  await ingest(server, 'big.parquet')
})

/** Nothing is left of any copy. */
afterEach(async () => {
  const left = () => [
    ...readdirSync(join(cwd, 'data')).filter(name => name.startsWith('.snapshot-')),
    ...copyingProcessesOf(server.process.pid),
  ]
  await until(() => left().length === 0, 'all of a copy to be gone')
})

const download = (headers: Record<string, string> = {}) => fetch(`${server.origin}/snapshot.db`, { headers })

/** A request whose answer is not read. */
function hanging(): Promise<{ sent: ClientRequest; answer: IncomingMessage }> {
  return new Promise((resolve, reject) => {
    const sent = get(`${server.origin}/snapshot.db`, { agent: false }, answer => resolve({ sent, answer }))
    sent.on('error', reject)
  })
}

test('a snapshot is the whole database as one file, described by response headers', async () => {
  const answer = await download()
  const bytes = Buffer.from(await answer.arrayBuffer())
  expect([answer.status, Object.fromEntries(answer.headers)]).toEqual([
    200,
    expect.objectContaining({
      'content-type': 'application/vnd.sqlite3',
      'content-length': String(bytes.length),
      'content-disposition': 'attachment; filename="accounts-20230105T030000Z.db"',
      'content-digest': `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`,
      'cache-control': 'private, no-cache',
      'x-as-of': '2023-01-05T03:00:00.000Z',
      'x-measurement-count': '200000',
      'x-account-count': '2000',
      etag: expect.stringMatching(/^W\/"[0-9a-f]{32}"$/),
    }),
  ])
  const path = join(cwd, 'downloaded.db')
  writeFileSync(path, bytes)
  expect(bytes.subarray(18, 20)).toEqual(Buffer.from([1, 1]))
  expect(contentsOf(path)).toEqual(contentsOf(join(cwd, 'data/accounts.db')))
  expect(await checkDatabase(path)).toMatchObject({ isSound: true })
})

test('a client that has the snapshot gets 304 until something changes', async () => {
  const first = await download()
  await first.arrayBuffer()
  const headers = { 'if-none-match': first.headers.get('etag')! }
  expect((await download(headers)).status).toBe(304)
  await writeDrop(join(cwd, 'data/next.parquet'), [{ account: 1, count: 5_000, at: '2024-05-01T12:00:00Z' }])
  await ingest(server, 'next.parquet')
  const next = await download(headers)
  await next.arrayBuffer()
  expect([next.status, next.headers.get('x-measurement-count')]).toEqual([200, '200001'])
})

/** The locks of a process on a file, where the system lists them. */
function locksOn(path: string, pid: number): string[] {
  const lines = readFileSync('/proc/locks', 'utf8').split('\n')
  return lines.filter(line => line.includes(` ${pid} `) && line.includes(`:${statSync(path).ino} `))
}

;(existsSync('/proc/locks') ? test : test.skip)('the server keeps its locks on the database', async () => {
  const locks = () => locksOn(join(cwd, 'data/accounts.db'), server.process.pid).length
  const before = locks()
  expect(before).toBeGreaterThan(0)
  const answer = await download()
  await answer.arrayBuffer()
  await download({ 'if-none-match': answer.headers.get('etag')! })
  expect(locks()).toBe(before)
})

test('one snapshot is in progress at a time, until it is sent or the client disconnects', async () => {
  const { sent, answer } = await hanging()
  expect(answer.statusCode).toBe(200)
  const second = await download()
  expect([second.status, second.headers.get('retry-after'), await second.json()]).toEqual([
    503,
    '10',
    { errors: [{ message: expect.stringContaining('is in progress'), extensions: { code: 'SNAPSHOT_BUSY' } }] },
  ])
  sent.destroy()
  for (let tries = 0; ; tries++) {
    const next = await download()
    await next.arrayBuffer()
    if (next.status === 200) break
    expect(tries).toBeLessThan(100)
    await sleep(20)
  }
})

test('a client that reads too slowly is disconnected', async () => {
  const folder = await programs.folder()
  const path = join(folder, 'copy.db')
  writeFileSync(path, Buffer.from(await (await download()).arrayBuffer()))
  const app = fastify({ forceCloseConnections: true })
  await app.register(snapshotRoutes, { snapshots: await DownloadSnapshots.of(path), shutdown: new GracefulShutdown() })
  // Of the server's clocks only that which looks at its readers: so half a minute is over at once.
  const clock = jest.spyOn(globalThis, 'setInterval')
  try {
    const origin = await app.listen({ host: '127.0.0.1', port: 0 })
    const connected = once(app.server, 'connection')
    const sent = get(`${origin}/snapshot.db`, { agent: false })
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    const [socket] = (await connected) as [Socket]
    const looks = clock.mock.calls.filter(([, ms]) => ms === 30_000).map(([look]) => look)
    expect(looks).toHaveLength(1)
    answer.on('error', () => {})
    await until(() => {
      answer.read(1)
      looks[0]!()
      return socket.destroyed
    }, 'it to be cut off')
  } finally {
    clock.mockRestore()
    await app.close()
  }
})

test('a client that disconnects during the copy cancels it', async () => {
  for (let tries = 0; tries < 5; tries++) {
    const sent = get(`${server.origin}/snapshot.db`, { agent: false })
    sent.on('error', () => {})
    let isAnswered = false
    sent.on('response', answer => answer.on('end', () => (isAnswered = true)).resume())
    await until(() => isAnswered || copyingProcessesOf(server.process.pid).length > 0, 'it to be copied')
    await sleep(tries * 20)
    sent.destroy()
    await until(() => copyingProcessesOf(server.process.pid).length === 0, 'that to end')
  }
})

test('a snapshot is rejected while another program takes one', async () => {
  const lock = await acquireLock(join(cwd, 'data/accounts.db'), 'snapshot', 0)
  const { status, body } = await request(server, { path: '/snapshot.db' })
  lock.release()
  expect([status, JSON.parse(body).errors[0].extensions.code]).toEqual([503, 'SNAPSHOT_BUSY'])
})

test('web pages of other origins may not download it, and other methods are rejected', async () => {
  const refused = async (headers: Record<string, string>, method = 'GET') => {
    const { status, body } = await request(server, { method, path: '/snapshot.db', headers })
    return [status, body === '' ? '' : JSON.parse(body).errors[0].extensions.code]
  }
  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://studio.apollographql.com' },
    { host: 'evil.example' },
  ]) {
    expect([headers, await refused(headers as Record<string, string>)]).toEqual([headers, [403, 'FORBIDDEN']])
  }
  expect(await refused({}, 'PUT')).toEqual([405, 'METHOD_NOT_ALLOWED'])
  expect(await refused({}, 'HEAD')).toEqual([405, ''])
})

test('a shutdown cancels the copy', async () => {
  const other = await programs.folder()
  await writeBigDrop(join(other, 'data/big.parquet'), 0)
  const stopped = await programs.serve({ cwd: other, args: ['--no-demo'] })
  await ingest(stopped, 'big.parquet')
  let answered: number | string | undefined
  const answer = fetch(`${stopped.origin}/snapshot.db`).then(
    found => (answered = found.status),
    () => (answered = 'cut'),
  )
  await until(() => answered !== undefined || copyingProcessesOf(stopped.process.pid).length > 0, 'it to be copied')
  await stopped.stop()
  expect([200, 500, 'cut']).toContain(await answer)
  expect(readdirSync(join(other, 'data')).filter(name => name.startsWith('.snapshot-'))).toEqual([])
})
