import { bearer, ENTRIES } from '../../support/program/access.ts'
import { type HttpAnswer, post, request } from '../../support/program/http.ts'
import { usePrograms } from '../../support/program/programs.ts'
import type { TestServer } from '../../support/program/server.ts'
import { until } from '../../support/until.ts'
import { handshake, RawSocket } from '../support/web-socket.ts'

const programs = usePrograms()
let server: TestServer
beforeEach(async () => {
  const env = {
    ACCESS_TOKENS: ENTRIES,
    REQUESTS_PER_MINUTE: '4',
    AUTH_FAILURES_PER_MINUTE: '2',
    TRUSTED_PROXIES: '127.0.0.1',
  }
  server = await programs.serve({ cwd: await programs.folder(), args: ['--no-demo'], env })
})
afterEach(() => server.stop())

const ask = (headers: Record<string, string> = {}) => request(server, post('{ __typename }', headers))
const statuses = (answers: readonly HttpAnswer[]) => answers.map(({ status }) => status)

async function askTimes(times: number, headers: Record<string, string>): Promise<HttpAnswer[]> {
  const answers: HttpAnswer[] = []
  for (let i = 0; i < times; i++) answers.push(await ask(headers))
  return answers
}

test('responses report the rest of the limit, and then when to retry', async () => {
  const answers = await askTimes(5, bearer('read'))
  expect(statuses(answers)).toEqual([200, 200, 200, 200, 429])
  expect(answers.map(({ headers }) => headers['ratelimit-remaining'])).toEqual(['3', '2', '1', '0', '0'])
  for (const { headers } of answers) expect(headers).toMatchObject({ 'ratelimit-limit': '4' })
  const [first, last] = [answers[0]!, answers[4]!]
  expect(first.headers).not.toHaveProperty('retry-after')
  expect(Number(last.headers['retry-after'])).toBeGreaterThan(0)
  expect(Number(last.headers['retry-after'])).toBeLessThanOrEqual(15)
  expect(JSON.parse(last.body)).toEqual({
    errors: [
      {
        message: expect.stringMatching(/^Too many requests: the limit is 4 a minute\. Try again in \d+ s\.$/),
        extensions: { code: 'RATE_LIMITED' },
      },
    ],
  })
})

test('each token has one limit for all addresses, and each address without a token has its own', async () => {
  expect(statuses(await askTimes(5, bearer('read'))).at(-1)).toBe(429)
  expect((await ask({ ...bearer('read'), 'x-forwarded-for': '192.0.2.1' })).status).toBe(429)
  expect((await ask(bearer('admin'))).status).toBe(200)
  expect(statuses(await askTimes(5, {}))).toEqual([401, 401, 401, 401, 429])
  expect((await ask({ 'x-forwarded-for': '192.0.2.1' })).status).toBe(401)
})

test('subscriptions and WebSocket handshakes count as requests', async () => {
  const socket = new RawSocket(server, bearer('read'))
  await socket.initialize()
  for (const id of ['1', '2', '3', '4']) {
    await socket.send({ id, type: 'subscribe', payload: { query: 'subscription { __typename' } })
  }
  await until(() => socket.received.filter(({ type }) => type === 'error').length === 4, 'four answers')
  const codes = socket.received.flatMap(({ payload = [] }) => payload as { extensions: { code: string } }[])
  expect(codes.map(({ extensions }) => extensions.code)).toEqual([
    ...Array(3).fill('GRAPHQL_PARSE_FAILED'),
    'RATE_LIMITED',
  ])
  expect((await ask(bearer('read'))).status).toBe(429)
  expect(await handshake(server, bearer('read'))).toBe(429)
  socket.close()
})

test('an address that sends unknown tokens is limited, and valid tokens from it are not', async () => {
  const wrong = { authorization: 'Bearer agt_wrong' }
  const answers = await askTimes(4, wrong)
  expect(statuses(answers)).toEqual([401, 401, 429, 429])
  expect(answers[3]!.headers).toMatchObject({ 'retry-after': expect.stringMatching(/^\d+$/) })
  expect(await handshake(server, wrong)).toBe(429)
  expect((await ask(bearer('read'))).status).toBe(200)
  expect((await ask({ ...wrong, 'x-forwarded-for': '192.0.2.1' })).status).toBe(401)
  const socket = new RawSocket(server)
  await socket.send({ type: 'connection_init', payload: wrong })
  expect(await socket.closed).toEqual([1013, 'RATE_LIMITED'])
  // As many lines as failures that are allowed: 2 of one address, 1 of the other.
  expect(server.process.stderr.match(/rejected an unknown access token/g)).toHaveLength(3)
})

test('public routes have no limit', async () => {
  for (let i = 0; i < 6; i++) expect((await request(server, { path: '/healthz' })).status).toBe(200)
})
