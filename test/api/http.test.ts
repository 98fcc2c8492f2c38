import { EXAMPLES } from '../../src/graphql/examples.ts'
import { converse, type HttpAnswer, type HttpRequest, post, request } from '../support/program/http.ts'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'

const programs = usePrograms()
let server: TestServer

/** With NODE_ENV=production, Apollo Server by default disables introspection and Sandbox. */
beforeAll(async () => {
  server = await programs.serve({ cwd: await programs.folder(), env: { NODE_ENV: 'production' } })
})

const ANSWERED = '{"data":{"__typename":"Query"},"extensions":{"cost":{"requested":0,"allowed":10000}}}\n'
const STUDIO = 'https://studio.apollographql.com'

/** Returns the error of a response, which must be GraphQL JSON without internal details. */
function errorOf({ headers, body }: HttpAnswer): { message: string; code: string } {
  expect(headers['content-type']).toMatch(/^application\/(json|graphql-response\+json); charset=utf-8$/)
  expect(body).not.toMatch(/stacktrace|node_modules|fastify|FST_|\.js:\d+/i)
  const { errors, ...rest } = JSON.parse(body)
  expect(rest).toEqual({})
  expect(errors).toHaveLength(1)
  const [{ message, extensions, ...more }] = errors
  expect(extensions).toEqual({ code: expect.any(String) })
  expect(more).toEqual({})
  return { message, code: extensions.code }
}

describe('the Host header', () => {
  test('belongs to a server that listens on loopback only', () => {
    expect(server.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  })

  test.each(['localhost', '127.0.0.1', '[::1]', 'LOCALHOST', 'localhost:4000', '127.0.0.1:80', '[::1]:4000'])(
    '%s is accepted',
    async host => {
      expect(await request(server, post('{ __typename }', { host }))).toMatchObject({ status: 200, body: ANSWERED })
    },
  )

  test.each([
    'evil.example',
    'evil.example:4000',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example@localhost',
    'localhost:80:80',
    '0.0.0.0',
    '[::2]',
    'null',
  ])('%j is rejected', async host => {
    for (const asked of [post('{ __typename }', { host }), { headers: { host, accept: 'text/html' } }]) {
      const answer = await request(server, asked)
      expect(answer.status).toBe(403)
      expect(errorOf(answer)).toEqual({
        code: 'FORBIDDEN',
        message: 'This server answers to localhost, 127.0.0.1, [::1] only. Use one of these as the host.',
      })
    }
  })

  test.each(['GET /graphql HTTP/1.0\r\n\r\n', 'GET /graphql HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n'])(
    'is required: %j',
    async sent => expect(await converse(server, sent)).toMatch(/^HTTP\/1\.1 403 /),
  )

  test('is not replaced by forwarded headers', async () => {
    const headers = { host: 'evil.example', 'x-forwarded-host': 'localhost', forwarded: 'host=localhost' }
    expect(await request(server, post('{ __typename }', headers))).toMatchObject({ status: 403 })
  })
})

describe('a page of another origin', () => {
  const preflight = (origin: string): HttpRequest => ({
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,x-apollo-operation-name',
    },
  })

  test('may send requests if it is Sandbox', async () => {
    const { status, headers } = await request(server, preflight(STUDIO))
    expect(status).toBe(204)
    expect(headers).toMatchObject({
      'access-control-allow-origin': STUDIO,
      'access-control-allow-methods': expect.stringContaining('POST'),
      'access-control-allow-headers': expect.stringContaining('x-apollo-operation-name'),
      vary: expect.stringContaining('Origin'),
    })
    expect(headers).not.toHaveProperty('access-control-allow-credentials')
    const answer = await request(server, post('{ __typename }', { origin: STUDIO }))
    expect(answer).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': STUDIO } })
  })

  test.each([
    'https://evil.example',
    'http://studio.apollographql.com',
    'https://studio.apollographql.com.evil.example',
    'https://studio.apollographql.com:8443',
    'null',
    'http://localhost:3000',
  ])('may not send requests if it is %s', async origin => {
    for (const asked of [preflight(origin), post('{ __typename }', { origin })]) {
      expect((await request(server, asked)).headers).not.toHaveProperty('access-control-allow-origin')
    }
  })

  test('gets no response without a preflight, so that neither links nor forms work', async () => {
    const body = JSON.stringify({ query: '{ __typename }' })
    const query = `/graphql?query=${encodeURIComponent('{ __typename }')}`
    const simple = ['text/plain', 'text/plain; charset=utf-8', 'TEXT/PLAIN', 'application/x-www-form-urlencoded']
    const asked: HttpRequest[] = [
      { path: query },
      { path: query, headers: { 'content-type': 'text/plain' } },
      { method: 'POST', path: query },
      { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: '--x--' },
      ...simple.map(type => ({ method: 'POST', headers: { 'content-type': type }, body })),
    ]
    for (const one of asked) {
      const answer = await request(server, one)
      expect([400, 415]).toContain(answer.status)
      errorOf(answer)
    }
    const allowed = await request(server, { path: query, headers: { 'apollo-require-preflight': 'yes' } })
    expect(allowed).toMatchObject({ status: 200, body: ANSWERED })
  })

  test('cannot change data by GET', async () => {
    const mutation = encodeURIComponent('mutation { ingestAccounts(input: {file: "x"}) { alreadyIngested } }')
    const asked = { path: `/graphql?query=${mutation}`, headers: { 'apollo-require-preflight': 'yes' } }
    const answer = await request(server, asked)
    expect(answer.status).toBe(405)
    expect(errorOf(answer).message).toContain('GET requests only support query operations')
  })
})

describe('Sandbox', () => {
  test.each(['/graphql', '/graphql/'])('is served at %s to browsers, with the examples', async path => {
    const answer = await request(server, { path, headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } })
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toMatch(/^text\/html/)
    expect(answer.body).toContain('https://embeddable-sandbox.cdn.apollographql.com')
    const page = answer.body.replaceAll(String.raw`\\n`, '\n').replaceAll(String.raw`\n`, '\n').replaceAll(/\\+"/g, '"')
    for (const example of Object.values(EXAMPLES)) expect(page).toContain(example)
    expect(answer.body).toMatch(/runTelemetry\\?":\s*false/)
  })

  test('is the redirect target of /', async () => {
    expect(await request(server, { path: '/' })).toMatchObject({ status: 302, headers: { location: '/graphql' } })
  })

  test('gets responses to the requests that it sends', async () => {
    for (const [name, operationName] of [
      ['byCategory', 'ByCategory'],
      ['aboveOneMillion', 'AboveOneMillion'],
      ['grewLastMonth', 'GrewLastMonth'],
      ['ingestSample', 'IngestSample'],
    ] as const) {
      const answer = await request(server, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: '*/*', origin: STUDIO, 'sec-fetch-site': 'cross-site' },
        body: JSON.stringify({
          operationName,
          query: Object.values(EXAMPLES).join('\n'),
          variables: {},
          extensions: {},
        }),
      })
      expect([name, answer.status, JSON.parse(answer.body)]).toEqual([
        name,
        200,
        { data: expect.any(Object), extensions: expect.any(Object) },
      ])
      expect(answer.headers['access-control-allow-origin']).toBe(STUDIO)
    }
  })

  test('loads the schema by introspection', async () => {
    const query = `query IntrospectionQuery { __schema { description queryType { name } mutationType { name }
      types { name kind description fields(includeDeprecated: true) { name description args { name defaultValue } } } } }`
    const answer = await request(server, post(query, { origin: STUDIO }))
    const { types, ...roots } = JSON.parse(answer.body).data.__schema
    expect(roots).toMatchObject({ queryType: { name: 'Query' }, mutationType: { name: 'Mutation' } })
    const ours = types.filter(({ name }: { name: string }) =>
      /^(Account|Growth|Dataset|Ingestion|SafeInt|UUID)$/.test(name),
    )
    expect(ours).toHaveLength(6)
    for (const { name, description } of ours)
      expect([name, description]).toEqual([name, expect.stringMatching(/\w{3}/)])
  })
})

describe('a malformed request', () => {
  const json = { 'content-type': 'application/json' }

  test.each<[string, HttpRequest, number, string]>([
    ['malformed JSON', { method: 'POST', headers: json, body: '{"query": "{ __typename }"' }, 400, 'not valid JSON'],
    [
      'JSON that would change the program',
      { method: 'POST', headers: json, body: '{"query":"{ __typename }","variables":{"__proto__":1}}' },
      400,
      'a key that is not allowed: __proto__',
    ],
    ['compressed JSON', post('{ __typename }', { 'content-encoding': 'gzip' }), 415, 'not compressed'],
    ['JSON of the past', post('{ __typename }', { 'content-type': 'application/json; charset=latin1' }), 415, 'UTF-8'],
    ['JSON in UTF-16', post('{ __typename }', { 'content-type': 'application/json;charset="UTF-16"' }), 415, 'UTF-8'],
    ['a client that accepts only text', post('{ __typename }', { accept: 'text/plain' }), 406, 'application/json'],
    ['no body', { method: 'POST', headers: json }, 400, 'The body is empty'],
    ['no query', { method: 'POST', headers: json, body: '{"a": 1}' }, 400, 'must contain a non-empty `query`'],
    ['null', { method: 'POST', headers: json, body: 'null' }, 400, 'POST body missing'],
    ['a batch', { method: 'POST', headers: json, body: '[{"query": "{ __typename }"}]' }, 400, 'batching disabled'],
    ['a number for a query', { method: 'POST', headers: json, body: '{"query": 1}' }, 400, 'must be strings'],
    [
      'variables that are none',
      { method: 'POST', headers: json, body: '{"query":"{a}","variables":1}' },
      400,
      'object',
    ],
    ['XML', { method: 'POST', headers: { 'content-type': 'text/xml' }, body: '<a/>' }, 415, 'application/json'],
    ['a body of no type', { method: 'POST', body: '{}' }, 415, 'application/json'],
    ['an unknown place', { path: '/nowhere?a=b' }, 404, 'There is nothing at /nowhere. The API is at /graphql.'],
    ['an unknown place for POST', { ...post('{ __typename }'), path: '/' }, 404, 'The API is at /graphql.'],
    ['an address that is none', { path: '/%zz' }, 400, 'address is not valid'],
    ['PUT', { ...post('{ __typename }'), method: 'PUT' }, 405, 'Use POST'],
    ['DELETE', { method: 'DELETE' }, 405, 'Use POST'],
  ])('%s gets an error in GraphQL JSON', async (_, asked, status, message) => {
    const answer = await request(server, asked)
    expect([answer.status, answer.body]).toEqual([status, expect.any(String)])
    expect(errorOf(answer).message).toContain(message)
  })

  test.each(['utf-8', 'UTF-8', '"utf-8"', 'utf8'])('JSON with charset=%s is well-formed', async charset => {
    const headers = { 'content-type': `application/json; charset=${charset}`, 'content-encoding': 'identity' }
    expect(await request(server, post('{ __typename }', headers))).toMatchObject({ status: 200, body: ANSWERED })
  })

  test.each(['HEAD', 'PUT', 'PATCH'])('%s gets the allowed methods', async method => {
    const path = `/graphql?query=${encodeURIComponent('{ __typename }')}`
    const answer = await request(server, { method, path, headers: { 'apollo-require-preflight': 'yes' } })
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, POST' } })
  })

  test('a body of more than a megabyte is rejected', async () => {
    const answer = await request(server, post(`{ __typename }${' '.repeat(1024 * 1024)}`))
    expect(answer.status).toBe(413)
    expect(errorOf(answer)).toEqual({ code: 'PAYLOAD_TOO_LARGE', message: expect.stringContaining('too large') })
  })

  test('an OPTIONS request that is not a preflight gets no error of the framework', async () => {
    const answer = await request(server, { method: 'OPTIONS' })
    expect(answer).toMatchObject({ status: 204, body: '' })
  })
})

describe('an invalid query', () => {
  test.each([
    ['{ accounts { nodes { name } } }', 'GRAPHQL_VALIDATION_FAILED', 'Cannot query field "name" on type "Account"'],
    ['{ accounts {', 'GRAPHQL_PARSE_FAILED', 'Syntax Error'],
    ['{ account(accountId: "me") { accountId } }', 'BAD_USER_INPUT', 'An account id is a UUID'],
    ['{ node(id: "x") { id } }', 'BAD_USER_INPUT', 'is not a node id'],
  ])('%s', async (query, code, message) => {
    const answer = await request(server, post(query))
    expect(answer.body).not.toMatch(/stacktrace|node_modules|\.js:\d+/)
    const { errors } = JSON.parse(answer.body)
    expect(errors).toMatchObject([{ message: expect.stringContaining(message), extensions: { code } }])
    expect(Object.keys(errors[0].extensions)).toEqual(['code'])
  })

  test('is quoted only in part', async () => {
    const query = 'query ($since: DateTime!) { accounts(filter: {measuredAt: {gt: $since}}) { totalCount } }'
    const body = JSON.stringify({ query, variables: { since: 'x'.repeat(900_000) } })
    const answer = await request(server, { ...post(''), body })
    const [{ message, extensions }] = JSON.parse(answer.body).errors
    expect(message).toMatch(/^Variable "\$since" got invalid value "x+ … x+"; .*A DateTime is RFC 3339 text/)
    expect(message.length).toBeLessThanOrEqual(1_000)
    expect(extensions).toEqual({ code: 'BAD_USER_INPUT' })
  })

  test('that is too long or too deep is rejected', async () => {
    const fragments = Array.from({ length: 25 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)
    for (const query of [
      `{ ${'a: __typename '.repeat(2_000)} }`,
      `{ ...F0 } ${fragments.join(' ')} fragment F25 on Query { __typename }`,
    ]) {
      const answer = await request(server, post(query))
      expect(answer.status).toBe(200)
      expect(JSON.parse(answer.body).errors[0].extensions.code).toBe('QUERY_TOO_COMPLEX')
    }
  })
})

test('errors of clients are not logged', () => {
  expect(server.process.stderr).toBe('')
})
