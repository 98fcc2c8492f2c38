import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import fastify from 'fastify'
import { ResponseCache } from '../../../src/http/cache/response-cache.ts'
import { responseCaching } from '../../../src/http/cache/response-caching.ts'
import { Frozen } from '../../faults/support/frozen.ts'
import { bearer, ENTRIES } from '../../support/program/access.ts'
import { writeBigDrop, writeDrop } from '../../support/program/drops.ts'
import { type HttpRequest, post, request } from '../../support/program/http.ts'
import { hasEnded, ingest, ingestionOf } from '../../support/program/ingest.ts'
import { usePrograms } from '../../support/program/programs.ts'
import type { TestServer } from '../../support/program/server.ts'
import { until } from '../../support/until.ts'
import { Scrape } from '../support/scrape.ts'

const programs = usePrograms()
const DATABASE = ['--database-url', 'file:test.db', '--data-dir', '.']

let cwd: string
let server: TestServer

async function start(env: Record<string, string> = {}): Promise<void> {
  cwd = await programs.folder()
  server = await programs.serve({ cwd, args: [...DATABASE, '--no-demo'], env })
  await drop('first.parquet', 1)
  await ingest(server, 'first.parquet')
}

/** A drop of one measurement, of an account of its own. */
const drop = (file: string, account: number) =>
  writeDrop(join(cwd, file), [{ account, count: 5_000 + account, at: '2024-05-01T12:00:00Z', categories: 'Gaming' }])

const QUERY = '{ accounts { totalCount nodes { accountId subscriberCount } } }'

async function lookups() {
  const scrape = await Scrape.of(server)
  const of = (result: string) => scrape.value('account_growth_response_cache_lookups_total', { result })
  return { hits: of('hit'), misses: of('miss') }
}

/** How many of the requests that `work` makes are answered from the cache. */
async function hitsIn(work: () => Promise<unknown>): Promise<number> {
  const { hits } = await lookups()
  await work()
  return (await lookups()).hits - hits
}

const countAccounts = async () => (await server.ask<{ accounts: { totalCount: number } }>(QUERY)).accounts.totalCount

function get(query: string, headers: Readonly<Record<string, string>> = {}): HttpRequest {
  const path = `/graphql?query=${encodeURIComponent(query)}`
  return { method: 'GET', path, headers: { 'apollo-require-preflight': '1', ...headers } }
}

describe('a repeated query', () => {
  beforeAll(() => start({ LOG_LEVEL: 'debug' }))
  afterAll(() => server.stop())

  test('gets the same bytes without being executed, and is counted in the metrics', async () => {
    const first = await request(server, post(`query Twice ${QUERY}`))
    let again = first
    expect(await hitsIn(async () => (again = await request(server, post(`query Twice ${QUERY}`))))).toBe(1)
    const { 'x-request-id': _, date: __, ...headers } = first.headers
    expect(again).toMatchObject({ status: 200, body: first.body, headers })
    const labels = { operation: 'Twice', type: 'query', status: 'ok' }
    expect((await Scrape.of(server)).value('account_growth_graphql_operations_total', labels)).toBe(2)
  })

  test('gets the same response each time, with its own request id, and is logged and counted each time', async () => {
    const asked = post(`query Often ${QUERY}`)
    const answers = []
    for (let time = 0; time < 5; time++) answers.push(await request(server, asked))
    const [first, ...others] = answers.map(({ headers: { 'x-request-id': _, date: __, ...headers }, ...rest }) => ({
      headers,
      ...rest,
    }))
    for (const other of others) expect(other).toEqual(first)
    expect(new Set(answers.map(({ headers }) => headers['x-request-id'])).size).toBe(5)
    const labels = { operation: 'Often', type: 'query', status: 'ok' }
    const scrape = await Scrape.of(server)
    expect(scrape.value('account_growth_graphql_operations_total', labels)).toBe(5)
    for (const { headers } of answers) expect(server.process.stderr).toContain(headers['x-request-id'])
  })

  test.each([
    ['another variable', { query: 'query ($n: Int) { accounts(first: $n) { totalCount } }', variables: { n: 1 } }],
    [
      'another operation',
      { query: 'query A { dataset { asOf } } query B { categories { name } }', operationName: 'A' },
    ],
  ])('is a different query with %s', async (_, body) => {
    const send = (more: object) =>
      request(server, { ...post(''), body: JSON.stringify({ ...body, ...more }) }).then(({ body }) => body)
    await send({})
    expect(
      await hitsIn(() => send({ variables: { n: 2 }, operationName: 'operationName' in body ? 'B' : undefined })),
    ).toBe(0)
    expect(await hitsIn(() => send({}))).toBe(1)
  })

  test('gets the content type that it accepts', async () => {
    for (const accept of ['application/json', 'application/graphql-response+json', 'application/json']) {
      const { headers } = await request(server, post(QUERY, { accept }))
      expect(headers['content-type']).toBe(`${accept}; charset=utf-8`)
    }
    expect((await request(server, post(QUERY, { accept: 'image/png' }))).status).toBe(406)
  })

  test('is rejected where the first one would have been', async () => {
    const { 'apollo-require-preflight': _, ...simple } = get(QUERY).headers!
    const posted = post(QUERY)
    expect((await request(server, get(QUERY))).status).toBe(200)
    expect((await request(server, posted)).status).toBe(200)
    const refused = [
      { ...get(QUERY), headers: simple },
      { ...get(QUERY), headers: { ...simple, 'content-type': 'text/plain' } },
      { ...get(QUERY), headers: { ...simple, 'apollo-require-preflight': '' } },
      { ...posted, headers: { 'content-type': 'text/plain' } },
      { ...posted, headers: { host: 'evil.example', 'content-type': 'application/json' } },
    ]
    for (const asked of refused) expect((await request(server, asked)).status).toBeGreaterThanOrEqual(400)
  })

  test.each([
    ['an error of its own', 'query { accounts(first: -1) { totalCount } }'],
    ['an invalid query', '{ nothing }'],
    ['a mutation', 'mutation { ingestAccounts(input: { file: "no.parquet" }) { userErrors { code } } }'],
    ['a mutation that does nothing', 'mutation { __typename }'],
  ])('is executed again: %s', async (_, query) => {
    expect(await hitsIn(async () => [await server.graphql(query), await server.graphql(query)])).toBe(0)
  })
})

describe('a response to GET', () => {
  beforeAll(() => start())
  afterAll(() => server.stop())

  test('has an ETag that answers 304 until something changes', async () => {
    const first = await request(server, get(QUERY))
    const { etag } = first.headers
    expect(first.headers).toMatchObject({
      'cache-control': 'private, no-cache',
      vary: expect.stringContaining('Accept'),
    })
    for (const known of [etag!, `W/${etag}`, `"other", ${etag}`, '*']) {
      const answer = await request(server, get(QUERY, { 'if-none-match': known }))
      expect(answer).toMatchObject({ status: 304, body: '', headers: { etag } })
    }
    expect((await request(server, get(QUERY, { 'if-none-match': '"other"' }))).body).toBe(first.body)
    await drop('second.parquet', 2)
    await ingest(server, 'second.parquet')
    const after = await request(server, get(QUERY, { 'if-none-match': etag! }))
    expect(after).toMatchObject({ status: 200, headers: { etag: expect.not.stringMatching(etag!) } })
    expect(JSON.parse(after.body).data.accounts.totalCount).toBe(2)
  })

  test('is the only kind with an ETag', async () => {
    const { headers } = await request(server, post(QUERY))
    expect(headers).not.toHaveProperty('etag')
    expect((await request(server, get('{ nothing }'))).headers).not.toHaveProperty('etag')
    expect((await request(server, { headers: { accept: 'text/html' } })).headers).not.toHaveProperty('etag')
  })
})

test('a client gets no cached response that it may not request', async () => {
  await programs.folder().then(folder => (cwd = folder))
  server = await programs.serve({
    cwd,
    args: [...DATABASE, '--no-demo'],
    env: { ACCESS_TOKENS: ENTRIES, ANYONE_MAY: 'nothing' },
  })
  for (const role of ['admin', 'read'] as const) {
    for (let i = 0; i < 4; i++) expect((await request(server, post(QUERY, bearer(role)))).status).toBe(200)
  }
  expect((await request(server, post(QUERY, bearer(null)))).status).toBe(401)
  expect((await request(server, post(QUERY, { authorization: 'Bearer agt_wrong' }))).status).toBe(401)
  await server.stop()
})

describe('after a commit', () => {
  beforeAll(() => start())
  afterAll(() => server.stop())

  test('by the server, by a command, and by a reversal, the next response is the new one', async () => {
    expect(await countAccounts()).toBe(1)
    await drop('second.parquet', 2)
    const { ingestion } = await ingest(server, 'second.parquet')
    expect(await countAccounts()).toBe(2)
    const revert = 'mutation ($id: ID!) { revertIngestion(input: { id: $id }) { userErrors { code } } }'
    expect(await server.ask(revert, { id: ingestion!.id })).toEqual({ revertIngestion: { userErrors: [] } })
    expect(await countAccounts()).toBe(1)
    await drop('third.parquet', 3)
    expect((await programs.run(['ingest', 'third.parquet', ...DATABASE], { cwd })).exitCode).toBe(0)
    expect(await countAccounts()).toBe(2)
    expect(await hitsIn(countAccounts)).toBe(1)
  })

  /** A response has everything that was acknowledged before the request, and nothing that was not sent yet. */
  test('every response to concurrent clients is current', async () => {
    const DROPS = 8
    const base = await countAccounts()
    for (let i = 0; i < DROPS; i++) await drop(`meanwhile-${i}.parquet`, 100 + i)
    let sent = 0
    let acknowledged = 0
    let asked = 0
    const ask = async () => {
      while (acknowledged < DROPS) {
        const least = base + acknowledged
        const found = await countAccounts()
        expect(found).toBeGreaterThanOrEqual(least)
        expect(found).toBeLessThanOrEqual(base + sent)
        asked++
      }
    }
    const load = async () => {
      for (; acknowledged < DROPS; acknowledged++) {
        const file = `meanwhile-${sent++}.parquet`
        if (sent % 4 === 0) await programs.run(['ingest', file, ...DATABASE], { cwd })
        else await ingest(server, file)
        await sleep(20)
      }
    }
    const hits = await hitsIn(() => Promise.all([load(), ask(), ask(), ask(), ask()]))
    expect(await countAccounts()).toBe(base + DROPS)
    // Most were answered from the cache: else this would prove nothing.
    expect(hits).toBeGreaterThan(asked / 2)
  })

  test('an ingestion in progress is reported as it is each time', async () => {
    await writeBigDrop(join(cwd, 'big.parquet'), 0)
    let id = ''
    const frozen = await Frozen.halfWay(server, async () => {
      id = (await ingest(server, 'big.parquet', { wait: false })).ingestion!.id
      return id
    })
    const ask = async () => (await ingestionOf(server, id))!
    const { rowsRead } = await ask()
    frozen.thaw()
    await until(async () => (await ask()).rowsRead > rowsRead, 'more rows in the response')
    await until(async () => hasEnded(await ask()), 'the end in the response')
    expect(await ask()).toMatchObject({ status: 'SUCCEEDED', rowsRead: 200_000 })
    // Once it is over, and the log emptied after it, it is like any other.
    await until(async () => (await hitsIn(ask)) > 0, 'a hit')
  })
})

test('a cache of size 0 stores nothing, and responses still have ETags', async () => {
  await start({ RESPONSE_CACHE_BYTES: '0' })
  expect(await hitsIn(async () => [await countAccounts(), await countAccounts()])).toBe(0)
  const { etag } = (await request(server, get(QUERY))).headers
  expect((await request(server, get(QUERY, { 'if-none-match': etag! }))).status).toBe(304)
  await server.stop()
})

describe('the caching plugin', () => {
  const OPERATION = { name: undefined, type: 'query', hash: undefined, text: '{a}', status: 'ok' }
  let version = 1
  let isCacheable = true
  let executions = 0

  async function createApp() {
    const app = fastify()
    app.decorateRequest('caller')
    app.addHook('onRequest', async request => {
      request.caller = { token: null, role: 'read' }
    })
    const cache = new ResponseCache({
      maxBytes: 1e6,
      dataVersion: () => {
        if (Number.isNaN(version)) throw new Error('disk I/O error')
        return version
      },
    })
    await app.register(responseCaching, { cache, onHit: () => {} })
    app.get('/', async (_, reply) => {
      const headers = { 'content-type': 'application/json' }
      if (isCacheable) reply.cacheable = { headers, operation: OPERATION }
      return reply.headers(headers).send(`{"executions":${++executions}}`)
    })
    return app
  }

  test('stores only responses that the handler marks as cacheable', async () => {
    const app = await createApp()
    const bodies = async () => [(await app.inject('/?a')).body, (await app.inject('/?a')).body]
    isCacheable = false
    expect(new Set(await bodies()).size).toBe(2)
    isCacheable = true
    expect(new Set(await bodies()).size).toBe(1)
    version++
    expect(new Set([...(await bodies()), ...(await bodies())]).size).toBe(1)
    await app.close()
  })

  test('lets a request fail when the version of the data cannot be read', async () => {
    const app = await createApp()
    await app.inject('/?b')
    version = Number.NaN
    expect((await app.inject('/?b')).statusCode).toBe(500)
    version = 1
    expect((await app.inject('/?b')).statusCode).toBe(200)
    await app.close()
  })
})
