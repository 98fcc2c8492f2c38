import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { limitAnswerTime } from '../../src/server/answer-time.ts'

/** More than the system takes from a sender whose reader does nothing. */
const BYTES = 32 * 2 ** 20
const CHUNK = Buffer.alloc(2 ** 16)
const WINDOW_MS = 1_000

const server = createServer((_, response) => {
  limitAnswerTime(response, WINDOW_MS)
  Readable.from(Array(BYTES / CHUNK.length).fill(CHUNK)).pipe(response)
})
let port: number

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => server.close())

async function ask(): Promise<IncomingMessage> {
  const [answer] = await once(get({ host: '127.0.0.1', port, agent: false }), 'response')
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

test('who reads nothing is cut off', async () => {
  const answer = await ask()
  await sleep(WINDOW_MS * 3)
  await expect(read(answer, 0)).rejects.toThrow('aborted')
})

test('who reads slowly, but reads, gets the whole answer, however long that takes', async () => {
  const started = performance.now()
  expect(await read(await ask(), WINDOW_MS / 10)).toBe(BYTES)
  expect(performance.now() - started).toBeGreaterThan(WINDOW_MS * 2)
})
