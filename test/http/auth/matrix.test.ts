import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { nodeId } from '../../../src/graphql/node-id.ts'
import { bearer, ENTRIES, ROLES, type Role, TOKENS } from '../../support/program/access.ts'
import { writeDrop } from '../../support/program/drops.ts'
import { type HttpAnswer, type HttpRequest, post, request } from '../../support/program/http.ts'
import { usePrograms } from '../../support/program/programs.ts'
import type { TestServer } from '../../support/program/server.ts'
import { until } from '../../support/until.ts'

const programs = usePrograms()
let folder: string
let server: TestServer
beforeAll(async () => {
  folder = await programs.folder()
  await writeDrop(join(folder, 'data/drop.parquet'), [{ account: 1, count: 5_000, at: '2024-05-01T12:00:00Z' }])
  server = await programs.serve({ cwd: folder, args: ['--no-demo'], env: { ACCESS_TOKENS: ENTRIES } })
})

const UNKNOWN = nodeId({ type: 'Ingestion', id: 'no such' })
const ACCOUNT = '00000000-0000-4000-8000-000000000001'

/** Every field of the roots, and what else is guarded, with the least role for it: written out, and not read from the code. */
const OPERATIONS: readonly (readonly [field: string, query: string, least: Role])[] = [
  ['account', `{ account(accountId: "${ACCOUNT}") { accountId } }`, 'read'],
  ['accounts', '{ accounts { totalCount nodes { categories } } }', 'read'],
  ['categories', '{ categories { name } }', 'read'],
  ['dataset', '{ dataset { asOf lastIngestion { fileName } } }', 'read'],
  ['ingestion', `{ ingestion(id: "${UNKNOWN}") { id } }`, 'read'],
  ['ingestions', '{ ingestions { nodes { fileName sha256 rejections { reason } error { message } } } }', 'read'],
  ['node', `{ node(id: "${UNKNOWN}") { id } }`, 'read'],
  ['nodes', `{ nodes(ids: ["${UNKNOWN}"]) { id } }`, 'read'],
  ['ingestAccounts', 'mutation { ingestAccounts(input: {file: "none"}) { userErrors { code } } }', 'ingest'],
  ['cancelIngestion', `mutation { cancelIngestion(input: {id: "${UNKNOWN}"}) { userErrors { code } } }`, 'ingest'],
  ['revertIngestion', `mutation { revertIngestion(input: {id: "${UNKNOWN}"}) { userErrors { code } } }`, 'admin'],
  ['', '{ __typename }', 'read'],
  ['', '{ __schema { types { name } } }', 'read'],
  ['', `{ ingestion(id: "${UNKNOWN}") { rejectedRows { nodes { row } } } }`, 'ingest'],
  [
    '',
    '{ dataset { lastIngestion { ...Rows } } } fragment Rows on Ingestion { rejectedRows { totalCount } }',
    'ingest',
  ],
  ['', `{ node(id: "${UNKNOWN}") { ... on Ingestion { rejectedRows { totalCount } } } }`, 'ingest'],
  ['', '{ ingestions { nodes { rejectedRows @include(if: false) { totalCount } } } }', 'ingest'],
]

const PARQUET = { method: 'POST', body: 'no Parquet', headers: { 'content-length': '10' } } as const
const OTHERS: readonly (readonly [asked: HttpRequest, least: Role])[] = [
  [{ ...PARQUET, path: '/ingest' }, 'ingest'],
  [{ ...PARQUET, path: '/ingest/?dryRun=true&name=x' }, 'ingest'],
  [{ path: '/ingest' }, 'ingest'],
  [{ method: 'PUT', path: '/ingest' }, 'ingest'],
  [{ path: '/graphql?query={__typename}', headers: { 'apollo-require-preflight': 'yes' } }, 'read'],
  [{ path: '/export.csv' }, 'read'],
  [{ path: '/snapshot.db' }, 'admin'],
  [{ method: 'POST', path: '/snapshot.db' }, 'admin'],
  [{ path: '/metrics' }, 'read'],
  [{ path: '/nowhere' }, 'read'],
  [{ method: 'DELETE', path: '/graphql' }, 'read'],
]

const CALLERS: readonly (Role | null)[] = [null, ...ROLES]
const CASES = CALLERS.map(role => [role ?? 'no token', role] as const)

function as(role: Role | null, asked: HttpRequest): Promise<HttpAnswer> {
  return request(server, { ...asked, headers: { ...asked.headers, ...bearer(role) } })
}

/** The expected rejection; undefined when the client has the role. */
function refusalOf(role: Role | null, least: Role) {
  if (role === null) return { status: 401, code: 'UNAUTHENTICATED' }
  return ROLES.indexOf(role) < ROLES.indexOf(least) ? { status: 403, code: 'FORBIDDEN' } : undefined
}

function expectRefusal({ status, headers, body }: HttpAnswer, refusal: { status: number; code: string }): void {
  expect(headers['content-type']).toMatch(/^application\/(json|graphql-response\+json); charset=utf-8$/)
  const { errors, ...rest } = JSON.parse(body)
  expect({ status, errors, rest }).toEqual({
    status: refusal.status,
    errors: [{ message: expect.stringContaining('token'), extensions: { code: refusal.code } }],
    rest: {},
  })
  const scope = refusal.code === 'FORBIDDEN' ? /, error="insufficient_scope", scope="(ingest|admin)"$/ : /$/
  expect(headers['www-authenticate']).toMatch(/^Bearer realm="account-growth"/)
  expect(headers['www-authenticate']).toMatch(scope)
}

describe.each(CASES)('with %s', (_, role) => {
  test.each(OPERATIONS)('%s: %s', async (_field, query, least) => {
    const answer = await as(role, post(query))
    const refusal = refusalOf(role, least)
    if (refusal) return expectRefusal(answer, refusal)
    const { data, errors } = JSON.parse(answer.body)
    expect({ status: answer.status, errors, data }).toEqual({
      status: 200,
      errors: undefined,
      data: expect.any(Object),
    })
  })

  test.each(OTHERS)('%j', async (asked, least) => {
    const answer = await as(role, asked)
    const refusal = refusalOf(role, least)
    if (refusal) expectRefusal(answer, refusal)
    else expect([401, 403]).not.toContain(answer.status)
  })
})

test('the table has every root field', async () => {
  const query = `{ __schema { queryType { fields { name } } mutationType { fields { name } } } }`
  const { queryType, mutationType } = JSON.parse((await as('read', post(query))).body).data.__schema
  const names = [...queryType.fields, ...mutationType.fields].map(({ name }: { name: string }) => name)
  expect(OPERATIONS.map(([field]) => field).filter(field => field !== '')).toEqual(names)
})

test('only the selected operation of a document is checked', async () => {
  const query = 'query A { __typename } mutation B { ingestAccounts(input: {file: "none"}) { alreadyIngested } }'
  const body = (operationName?: string) => ({ ...post(''), body: JSON.stringify({ query, operationName }) })
  expect(await as('read', body('A'))).toMatchObject({ status: 200 })
  expectRefusal(await as('read', body('B')), { status: 403, code: 'FORBIDDEN' })
  expect(await as('read', body('C'))).toMatchObject({
    status: 200,
    body: expect.stringContaining('OPERATION_RESOLUTION_FAILURE'),
  })
})

test('a rejection does not reveal what exists', async () => {
  const admin = bearer('admin')
  const ingest = post('mutation { ingestAccounts(input: {file: "drop.parquet"}) { ingestion { id status } } }', admin)
  const { ingestion } = JSON.parse((await request(server, ingest)).body).data.ingestAccounts
  expect(ingestion.status).toBe('SUCCEEDED')
  for (const [role, name] of [
    ['read', 'cancelIngestion'],
    ['ingest', 'revertIngestion'],
  ] as const) {
    const ask = (id: string) => as(role, post(`mutation { ${name}(input: {id: "${id}"}) { userErrors { code } } }`))
    const [known, unknown, malformed] = await Promise.all([ask(ingestion.id), ask(UNKNOWN), ask('x')])
    expect(known!.body).toBe(unknown!.body)
    expect(malformed!.body).toBe(unknown!.body)
  }
})

describe('public', () => {
  test('are the page of Sandbox and the redirect to it', async () => {
    const page = await request(server, { headers: { accept: 'text/html' } })
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': expect.stringMatching(/^text\/html/) } })
    expect(await request(server, { path: '/' })).toMatchObject({ status: 302 })
  })

  test('is no query with Accept: text/html', async () => {
    for (const accept of ['text/html', 'application/json, text/html;q=0.5', 'text/html;q=0, */*', 'x/text/html']) {
      for (const method of ['GET', 'HEAD']) {
        const headers = { accept, 'apollo-require-preflight': 'yes' }
        const { body } = await request(server, { method, path: '/graphql?query={dataset{accountCount}}', headers })
        expect(body).not.toContain('accountCount":')
      }
    }
    const asked = post('{ dataset { accountCount } }', { accept: 'text/html' })
    expectRefusal(await request(server, asked), { status: 401, code: 'UNAUTHENTICATED' })
  })

  test('are CORS preflights, which have no token', async () => {
    const headers = {
      origin: 'https://studio.apollographql.com',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    }
    const answer = await request(server, { method: 'OPTIONS', headers })
    expect(answer.status).toBe(204)
    expect(answer.headers['access-control-allow-headers']).toContain('authorization')
  })
})

describe('an unknown token', () => {
  const { read } = TOKENS
  test.each([
    'Bearer agt_wrong',
    `Bearer ${read}x`,
    `Bearer ${read.slice(0, -1)}`,
    `Bearer ${read} ${read}`,
    `Bearer ${read.toUpperCase()}`,
    `Basic ${Buffer.from(`ana:${read}`).toString('base64')}`,
    read,
    'Bearer',
    'Bearer ',
    '',
    ENTRIES.split(',')[0]!,
    `Bearer ${ENTRIES.split(',')[0]!.split(':')[2]}`,
  ])('%j is rejected, and neither response nor log contains it', async authorization => {
    const answer = await request(server, post('{ __typename }', { authorization }))
    expectRefusal(answer, { status: 401, code: 'UNAUTHENTICATED' })
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="account-growth", error="invalid_token"')
    expect(answer.body).not.toContain('agt_')
    expect(server.process.stderr).not.toContain('agt_')
  })

  test.each([`bearer ${read}`, `Bearer   ${read}`, `BEARER ${read} `])('%j is a known one', async authorization => {
    expect(await request(server, post('{ __typename }', { authorization }))).toMatchObject({ status: 200 })
  })

  test('is logged with the address and without the token', async () => {
    const lines = server.process.stderr.trim().split('\n')
    expect(JSON.parse(lines[0]!)).toMatchObject({ address: '127.0.0.1', msg: expect.stringContaining('access token') })
  })
})

/** The head of an upload and half of its body; what comes back, and what is stored while the other half is missing. */
async function halfUpload(role: Role, more = '') {
  const head = `POST /ingest HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n${more}`
  const socket = connect(server.port, '127.0.0.1')
  let answer = ''
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text))
  socket.on('error', () => {}).write(`${head}Authorization: Bearer ${TOKENS[role]}\r\n\r\n`)
  if (more === '') socket.write('x'.repeat(100_000))
  const stored = () => readdir(join(folder, 'data/.incoming')).catch(() => [])
  await until(async () => answer !== '' || (await stored()).length > 0, 'an answer, or a file')
  const found = { answer, stored: (await stored()).length }
  socket.destroy()
  return found
}

test('no byte of a rejected upload is stored', async () => {
  expect(await halfUpload('ingest')).toEqual({ answer: '', stored: 1 })
  await until(async () => (await readdir(join(folder, 'data/.incoming'))).length === 0, 'the half file to go')
  const { answer, stored } = await halfUpload('read')
  expect({ answer, stored }).toEqual({ answer: expect.stringMatching(/^HTTP\/1\.1 403 /), stored: 0 })
})

test('a client that waits for 100 Continue does not get it for a rejected upload', async () => {
  const expectation = 'Expect: 100-continue\r\n'
  expect((await halfUpload('read', expectation)).answer).toMatch(/^HTTP\/1\.1 403 /)
  expect((await halfUpload('ingest', expectation)).answer).toMatch(/^HTTP\/1\.1 100 /)
})
