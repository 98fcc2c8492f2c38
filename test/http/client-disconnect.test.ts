/** Pipelined responses: Node emits no event for them when the client disconnects. */
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { onResponseEnd } from '../../src/http/client-disconnect.ts'
import { download } from '../api/support/download.ts'
import { writeDrop } from '../support/program/drops.ts'
import { request } from '../support/program/http.ts'
import { ingest } from '../support/program/ingest.ts'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'
import { until } from '../support/until.ts'

const programs = usePrograms()

/** More of them than the system takes from a sender whose reader does nothing: 30 MB. */
const UNREAD = 'GET /charts/chart.umd.js HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(150)

/** Requests `path` behind all that, and reads nothing. The request is being handled when the first bytes arrive. */
async function askBehind({ port }: { readonly port: number }, path: string): Promise<Socket> {
  const client = connect(port, '127.0.0.1')
  client.write(`${UNREAD}GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  await once(client, 'readable')
  return client
}

describe('a server', () => {
  let server: TestServer

  beforeAll(async () => {
    const cwd = await programs.folder()
    // A server that waits for a disconnected client does so for a day: the test would kill it.
    const env = { EXPORT_MAX_FILES: '1', SHUTDOWN_GRACE_SECONDS: '86400' }
    server = await programs.serve({ cwd, env, args: ['--no-demo'] })
    // As text they do not fit into what a stream holds.
    const accounts = Array.from({ length: 3_000 }, (_, account) => account)
    const rows = accounts.map(account => ({ account, count: 5_000, at: '2024-05-01T12:00:00Z', categories: 'Gaming' }))
    await writeDrop(join(cwd, 'data/drop.parquet'), rows)
    await ingest(server, 'drop.parquet')
  })

  test('accepts the next export when the client of a pipelined one disconnects', async () => {
    const client = await askBehind(server, '/export.ndjson')
    expect((await download(server, 'csv')).code).toBe('TOO_MANY_QUERIES')
    client.destroy()
    await until(async () => (await download(server, 'csv')).status === 200, 'room for the next')
  })

  test('takes the next snapshot when the client of a pipelined one disconnects', async () => {
    const client = await askBehind(server, '/snapshot.db')
    const copied = async () => (await request(server, { path: '/snapshot.db' })).status
    expect(await copied()).toBe(503)
    client.destroy()
    await until(async () => (await copied()) === 200, 'the next')
  })

  test('that shuts down does not wait for clients that disconnected, and logs nothing about them', async () => {
    const client = await askBehind(server, '/export.ndjson')
    client.destroy()
    await server.stop()
    expect(server.process.stderr).toBe('')
  })
})

test('the listener is called once: for pipelined responses, finished ones, and clients that had disconnected before', async () => {
  const asked: ServerResponse[] = []
  const gone = new Map<string, number>()
  const count =
    ({ req }: ServerResponse) =>
    () =>
      gone.set(req.url!, (gone.get(req.url!) ?? 0) + 1)
  const server = createServer((_, response) => {
    asked.push(response)
    onResponseEnd(response, count(response))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').resume()
  const paths = Array.from({ length: 20 }, (_, i) => `/${i}`)
  client.write(paths.map(path => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`).join(''))
  await until(() => asked.length === paths.length, 'all to be asked')
  // The second cannot be sent before the first is.
  asked[1]!.end()
  asked[0]!.end()
  await until(() => gone.size === 2, 'two to be answered')
  client.destroy()
  await until(() => gone.size === paths.length, 'all to be gone')
  for (const response of asked) onResponseEnd(response, count(response))
  expect([...gone]).toEqual(expect.arrayContaining(paths.map(path => [path, 2])))
  server.close()
  await once(server, 'close')
})
