import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { createLogger } from '../../../src/http/observability/logger.ts'
import { Database } from '../../../src/storage/sqlite/connection/driver.ts'
import { writeDrop } from '../../support/program/drops.ts'
import { post, request } from '../../support/program/http.ts'
import { ingest } from '../../support/program/ingest.ts'
import { usePrograms } from '../../support/program/programs.ts'
import type { TestServer } from '../../support/program/server.ts'

const programs = usePrograms()
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

type Line = Readonly<Record<string, unknown>>

/** What a server has logged, once it has stopped. */
async function linesOf(server: TestServer): Promise<Line[]> {
  await server.stop()
  await server.process.drained()
  return server.process.stderr
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Line & { msg: string })
    .filter(({ msg }) => !msg.startsWith('Server listening at'))
}

async function serve(env: Record<string, string>, cwd?: string): Promise<TestServer> {
  return programs.serve({ cwd: cwd ?? (await programs.folder()), env })
}

describe('the log', () => {
  test('has one line for each request, operation and file, with the request id', async () => {
    const cwd = await programs.folder()
    await writeDrop(join(cwd, 'data/one.parquet'), [{ account: 1, count: 5_000, at: '2024-05-01T12:00:00Z' }])
    const server = await serve({ LOG_LEVEL: 'info' }, cwd)
    const text = 'query Size { dataset { accountCount } }'
    await request(server, post(text, { 'x-request-id': 'trace-1' }))
    await ingest(server, 'one.parquet')
    await ingest(server, 'none.parquet')
    await request(server, { path: '/nothing?here', headers: { 'x-request-id': 'trace-2' } })
    const lines = await linesOf(server)
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 16)
    expect(lines[0]).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      reqId: 'trace-1',
      operation: 'Size',
      type: 'query',
      hash,
      status: 'ok',
      ms: expect.any(Number),
      msg: 'operation',
    })
    expect(lines.filter(({ msg }) => msg !== 'operation')).toMatchObject([
      { msg: 'ingestion', file: 'one.parquet', status: 'SUCCEEDED', rowsRead: 1, inserted: 1, ms: expect.any(Number) },
      { msg: 'file refused', code: 'FILE_NOT_FOUND' },
      { msg: 'request', reqId: 'trace-2', method: 'GET', status: 404 },
    ])
  })

  test('contains no secret, no query and no variable', async () => {
    const server = await serve({ LOG_LEVEL: 'trace' })
    const headers = { authorization: 'Bearer s3cret', cookie: 's3cret=1', 'content-type': 'application/json' }
    const query = 'query Named($id: ID!) { account(accountId: $id) { subscriberCount } words: __typename }'
    const body = JSON.stringify({ query, variables: { id: 's3cret' } })
    await request(server, { method: 'POST', headers, body })
    await request(server, { path: '/graphql?query={words:__typename}&token=s3cret', headers })
    await request(server, { path: '/ingest?name=drop&token=s3cret', method: 'POST', headers, body: '{' })
    const lines = await linesOf(server)
    expect(lines.length).toBeGreaterThan(3)
    expect(server.process.stderr).not.toMatch(/s3cret|words|subscriberCount/)
  })

  test('has the text of operations with LOG_QUERIES, and never their variables', async () => {
    const server = await serve({ LOG_LEVEL: 'info', LOG_QUERIES: 'true' })
    const query = 'query Named($id: ID!) { node(id: $id) { id } }'
    await server.graphql(query, { id: 's3cret' })
    expect(await linesOf(server)).toMatchObject([{ msg: 'operation', operation: 'Named', query }])
    expect(server.process.stderr).not.toContain('s3cret')
  })

  test('reports slow queries at the default level', async () => {
    const server = await serve({ SLOW_QUERY_MS: '1' })
    // The first one has to be parsed, checked and prepared for.
    await server.graphql('query Slow { accounts(first: 100) { nodes { accountId growth { percent } } } }')
    expect((await linesOf(server))[0]).toMatchObject({
      level: 'warn',
      msg: 'slow query',
      operation: 'Slow',
      hash: expect.stringMatching(/^[0-9a-f]{16}$/),
      ms: expect.any(Number),
    })
  })

  test('has the cause and the request id of an internal error', async () => {
    const cwd = await programs.folder()
    const server = await serve({}, cwd)
    const database = new Database(join(cwd, 'data/accounts.db'))
    database.exec('ALTER TABLE dataset RENAME TO gone')
    const answer = await request(server, post('{ dataset { asOf } }', { 'x-request-id': 'trace-3' }))
    database.exec('ALTER TABLE gone RENAME TO dataset')
    database.close()
    expect(JSON.parse(answer.body)).toMatchObject({ errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] })
    expect(answer.body).not.toContain('no such table')
    expect(await linesOf(server)).toMatchObject([
      {
        level: 'error',
        reqId: 'trace-3',
        err: { message: expect.stringContaining('no such table'), stack: expect.anything() },
      },
    ])
  })
})

describe('X-Request-Id', () => {
  let server: TestServer

  beforeAll(async () => {
    server = await serve({})
  })

  test.each(['a', 'F58b-2.1:x/y=@z', 'a'.repeat(128)])('%j is used', async id => {
    const { headers } = await request(server, post('{ __typename }', { 'x-request-id': id }))
    expect(headers['x-request-id']).toBe(id)
  })

  test.each(['', 'a b', 'a"b', '\u009b2J', 'ü', '{}', 'a'.repeat(129)])('%j is replaced', async id => {
    const { headers } = await request(server, post('{ __typename }', { 'x-request-id': id }))
    expect(headers['x-request-id']).toMatch(UUID)
  })

  test('is on errors too', async () => {
    const paths = ['/nothing', '/healthz', '/ingest', '/graphql']
    const answers = await Promise.all(paths.map(path => request(server, { path, headers: { host: 'evil.example' } })))
    for (const { headers } of answers) expect(headers['x-request-id']).toMatch(UUID)
  })
})

describe('a line', () => {
  function written(log: (logger: ReturnType<typeof createLogger>) => void): string {
    let text = ''
    log(createLogger('info', { write: line => (text += line) }))
    return text
  }

  test('stays one line without control characters', () => {
    const evil = 'a\n{"level":"fatal"}\u001b[2J\u0007\u009b31m\u202etxt.exe\u2028\u0000\u007f'
    const line = written(logger => logger.info({ file: evil }, evil))
    expect(line.slice(0, -1)).toMatch(/^[\u0020-\u007e]+$/)
    expect(line.endsWith('\n')).toBe(true)
    expect(JSON.parse(line)).toMatchObject({ level: 'info', file: evil, msg: evil })
  })

  test('has no credentials', () => {
    const secrets = { authorization: 'Bearer s3cret', cookie: 's3cret' }
    const line = written(logger => logger.info({ ...secrets, headers: secrets, req: { headers: secrets } }))
    expect(line).not.toContain('s3cret')
    expect(JSON.parse(line)).toMatchObject({ authorization: '[secret]', req: { headers: { cookie: '[secret]' } } })
  })
})
