import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { jest } from '@jest/globals'
import { setSlowResponseTimeout } from '../../src/http/timeouts.ts'
import { until } from '../support/until.ts'

/** More than the system takes from a sender whose reader does nothing. */
const BYTES = 32 * 2 ** 20
const CHUNK = Buffer.alloc(2 ** 16)
const WINDOW_MS = 1_000

/** Checks the clients only when the test says so. */
const looks: (() => void)[] = []
const sources = new Map<string | undefined, ServerResponse>()

const server = createServer((request, response) => {
  sources.set(request.url, response)
  if (request.url === '/slow') {
    const clock = jest.spyOn(globalThis, 'setInterval')
    setSlowResponseTimeout(response)
    looks.push(...clock.mock.calls.map(([look]) => look))
    clock.mockRestore()
    response.write('a')
    return
  }
  if (request.url === '/') setSlowResponseTimeout(response, WINDOW_MS)
  Readable.from(Array(BYTES / CHUNK.length).fill(CHUNK)).pipe(response)
})
let port: number

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => server.close())

async function ask(path = '/'): Promise<IncomingMessage> {
  const [answer] = await once(get({ host: '127.0.0.1', port, path, agent: false }), 'response')
  return answer
}

/** Reads to the end, with pauses. */
async function read(answer: IncomingMessage, pauseMs: number): Promise<number> {
  let bytes = 0
  let next = 2 ** 20
  for await (const chunk of answer) {
    bytes += chunk.length
    if (bytes < next) continue
    next += 2 ** 20
    await sleep(pauseMs)
  }
  return bytes
}

test('a client that reads nothing is disconnected', async () => {
  const answer = await ask()
  await sleep(WINDOW_MS * 3)
  await expect(read(answer, 0)).rejects.toThrow('aborted')
})

test('a client that reads slowly enough gets the whole response, however long it takes', async () => {
  const started = performance.now()
  expect(await read(await ask(), WINDOW_MS / 10)).toBe(BYTES)
  expect(performance.now() - started).toBeGreaterThan(WINDOW_MS * 2)
})

test('a client that has read everything is not disconnected, however slowly the server sends more', async () => {
  const answer = await ask('/slow')
  const text = answer.setEncoding('utf8').toArray()
  for (const look of [...looks, ...looks]) look()
  sources.get('/slow')!.end('b')
  expect((await text).join('')).toBe('ab')
})

test('a client that reads nothing is disconnected while the response is pipelined behind another', async () => {
  looks.length = 0
  const client = connect(port, '127.0.0.1').on('error', () => {})
  for (const path of ['/unlimited', '/slow']) client.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  await until(() => looks.length === 1, 'both to be asked')
  await until(() => {
    looks[0]!()
    return sources.get('/unlimited')!.destroyed
  }, 'it to be cut off')
})
