/** Every limit with its attack, on the real program, over HTTP and over sockets. */
import { bomb } from '../support/attacks.ts'
import { converse, post, request } from '../support/program/http.ts'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'
import { RawSocket } from './support/web-socket.ts'

const programs = usePrograms()
let server: TestServer
/** As a developer starts it, with every limit set. */
let tight: TestServer
beforeAll(async () => {
  server = await programs.serve({ cwd: await programs.folder(), args: ['--no-demo'], env: { NODE_ENV: 'production' } })
  tight = await programs.serve({ cwd: await programs.folder(), args: ['--no-demo'], env: TIGHT })
})

const TIGHT = {
  NODE_ENV: 'development',
  QUERY_MAX_TOKENS: '60',
  QUERY_MAX_DEPTH: '4',
  QUERY_MAX_ROOT_FIELDS: '2',
  QUERY_MAX_ALIASES: '3',
  QUERY_MAX_DIRECTIVES: '2',
  QUERY_MAX_SELECTIONS: '12',
  QUERY_MAX_COST: '30',
  QUERY_MAX_PAGE_SIZE: '10',
  HTTP_MAX_BODY_BYTES: '2000',
  HTTP_BODY_SECONDS: '1',
}

const times = (count: number, part: (n: number) => string) => Array.from({ length: count }, (_, n) => part(n)).join(' ')
const ACCOUNT = 'account(accountId: "00000000-0000-4000-8000-000000000000")'
const DEEP = `{ ${ACCOUNT} { measurements { nodes { account { measurements { nodes { account { measurements { nodes { account
  { measurements { nodes { account { id } } } } } } } } } } } } } }`

/** The default limit, and an operation beyond it. */
const ATTACKS: readonly (readonly [what: string, query: string, message: string])[] = [
  ['tokens', `{ ${times(1000, () => 'dataset')} }`, 'The document has more than 1000 tokens'],
  ['depth', DEEP, 'more than 12 levels of nested fields'],
  ['one field under many names', `{ ${times(51, n => `a${n}: __typename`)} }`, 'more than 50 aliases'],
  ['many fields at the root', `{ ${times(21, n => `a${n}: categories { name }`)} }`, 'more than 20 root fields'],
  ['many directives', `{ __typename ${times(51, () => '@include(if: true)')} }`, 'more than 50 directives'],
  ['selections', `{ dataset { ${times(500, () => 'asOf')} } }`, 'more than 500 selections'],
  ['nested fragments', bomb(20), 'more than 500 selections'],
  [
    'pages within pages',
    `{ accounts(first: 100) { nodes { measurements(first: 100) { nodes { id } } } } }`,
    'costs 10201',
  ],
  [
    'pages within pages within pages',
    `{ ingestions(first: 100) { nodes { rejectedRows(first: 100) { edges { node { row } } } } }
       accounts(first: 100) { nodes { measurements(first: 100) { edges { node { ingestion { rejectedRows(first: 100) {
         edges { node { row } } } } } } } } } }`,
    'costs 1040402',
  ],
  ['many buckets', '{ accounts(first: 11) { nodes { history(bucket: DAY) { last } } } }', 'costs 11012'],
]

describe.each(ATTACKS)('too much: %s', (_, query, message) => {
  const refused = { message: expect.stringContaining(message), extensions: { code: 'QUERY_TOO_COMPLEX' } }

  test('is rejected over HTTP, with advice', async () => {
    const { status, errors, data } = await server.graphql(query)
    expect([status, data]).toEqual([200, undefined])
    expect(errors).toContainEqual(expect.objectContaining(refused))
    const ours = errors!.filter(({ extensions }) => extensions.code === 'QUERY_TOO_COMPLEX')
    for (const { message } of ours) expect(message).toMatch(/Split it|Request smaller/)
  })

  test('has status 400 in the media type of GraphQL', async () => {
    const answer = await request(server, post(query, { accept: 'application/graphql-response+json' }))
    expect(answer.status).toBe(400)
    expect(answer.headers['content-type']).toBe('application/graphql-response+json; charset=utf-8')
  })
})

describe('every limit is a setting', () => {
  test.each<[string, string, string]>([
    ['QUERY_MAX_TOKENS', `{ ${times(60, () => '__typename')} }`, 'more than 60 tokens'],
    ['QUERY_MAX_DEPTH', '{ accounts { nodes { growth { to { id } } } } }', 'more than 4 levels'],
    ['QUERY_MAX_ROOT_FIELDS', '{ dataset { asOf } categories { name } __typename }', 'more than 2 root fields'],
    ['QUERY_MAX_ALIASES', '{ dataset { a: asOf b: asOf c: asOf d: asOf } }', 'more than 3 aliases'],
    [
      'QUERY_MAX_DIRECTIVES',
      '{ a: __typename @skip(if: true) dataset @skip(if: true) { asOf @skip(if: true) } }',
      'more than 2 directives',
    ],
    ['QUERY_MAX_SELECTIONS', bomb(3), 'more than 12 selections'],
    [
      'QUERY_MAX_COST',
      '{ ingestions(first: 10) { nodes { id error { code } rejections { count } } } }',
      'costs 31, which exceeds the limit of 30',
    ],
    ['QUERY_MAX_PAGE_SIZE', '{ ingestions(first: 11) { nodes { id } } }', 'first is 11. Use 0 to 10'],
  ])('%s', async (_, query, message) => {
    const { errors } = await tight.graphql(query)
    expect(errors).toContainEqual(expect.objectContaining({ message: expect.stringContaining(message) }))
  })

  test('QUERY_MAX_PAGE_SIZE is the default of pages too when it is below', async () => {
    const { data } = await tight.graphql('{ ingestions { totalCount } }')
    expect(data).toEqual({ ingestions: { totalCount: 0 } })
  })

  test('HTTP_MAX_BODY_BYTES', async () => {
    const answer = await request(tight, post(`{ __typename }${' '.repeat(2000)}`))
    expect(answer.status).toBe(413)
    expect(JSON.parse(answer.body).errors).toMatchObject([{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }])
  })

  test('HTTP_BODY_SECONDS: a body that does not arrive gets 408', async () => {
    const answer = await converse(
      tight,
      'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"query":',
    )
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
    expect(bodyOf(answer)).toMatchObject({ errors: [{ extensions: { code: 'REQUEST_TIMEOUT' } }] })
  })
})

function bodyOf(answer: string): unknown {
  return JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))
}

test('a short query of 2^20 nested fragments is rejected quickly', async () => {
  const query = bomb(20)
  expect(query.length).toBeLessThan(1_500)
  // The first one warms the server up.
  const taken: number[] = []
  for (let n = 0; n < 5; n++) {
    const started = performance.now()
    // A document of its own each time, which no store knows.
    const { errors } = await server.graphql(`${query}#${n}`)
    taken.push(performance.now() - started)
    expect(errors!.map(({ extensions }) => extensions.code)).toContain('QUERY_TOO_COMPLEX')
  }
  expect(Math.min(...taken)).toBeLessThan(100)
})

test('as many fragments as the token limit allows are rejected quickly', async () => {
  const { errors } = await server.graphql(bomb(95))
  expect(errors!.map(({ extensions }) => extensions.code)).toContain('QUERY_TOO_COMPLEX')
})

describe('every response has the cost', () => {
  test.each<[string, number]>([
    ['{ accounts(first: 3) { nodes { id growth { percent } } } }', 7],
    ['{ __typename }', 0],
    ['{ accounts(first: 100) { nodes { measurements(first: 100) { nodes { id } } } } }', 10_201],
  ])('%s', async (query, requested) => {
    const { body } = await request(server, post(query))
    expect(JSON.parse(body).extensions).toEqual({ cost: { requested, allowed: 10_000 } })
  })

  test('the same document with other variables has other costs', async () => {
    const query = 'query ($n: Int) { accounts(first: $n) { nodes { id } } }'
    const costs = [5, 60, 5, 0].map(async n => {
      const body = JSON.stringify({ query, variables: { n } })
      const answer = await request(server, { ...post(query), body })
      return JSON.parse(answer.body).extensions.cost.requested
    })
    expect(await Promise.all(costs)).toEqual([6, 61, 6, 1])
  })
})

describe('over a WebSocket', () => {
  test.each<[string, string, string]>([
    ['tokens', `subscription { ${times(1000, () => 'a')} }`, 'more than 1000 tokens'],
    ['nested fragments', bomb(20, 'Subscription'), 'more than 500 selections'],
    [
      'aliases',
      `subscription { ingestionProgress(id: "x") { ${times(51, n => `a${n}: id`)} } }`,
      'more than 50 aliases',
    ],
  ])('too many %s are rejected as over HTTP', async (_, query, message) => {
    const socket = new RawSocket(server)
    await socket.initialize()
    await socket.send({ id: '1', type: 'subscribe', payload: { query } })
    const error = { message: expect.stringContaining(message), extensions: { code: 'QUERY_TOO_COMPLEX' } }
    expect((await socket.waitFor('error')).payload).toContainEqual(expect.objectContaining(error))
    socket.close()
  })

  test('limits are settings', async () => {
    const socket = new RawSocket(tight)
    await socket.initialize()
    const page = 'rejectedRows(first: 10) { nodes { row } }'
    const query = `subscription { ingestionProgress(id: "x") { a: ${page} b: ${page} c: ${page} } }`
    await socket.send({ id: '1', type: 'subscribe', payload: { query } })
    expect(JSON.stringify(await socket.waitFor('error'))).toContain('costs 34, which exceeds the limit of 30')
    socket.close()
  })
})

describe('whatever NODE_ENV says', () => {
  const both = (query: string, variables: object = {}) =>
    Promise.all(
      [server, tight].map(one => request(one, { ...post(query), body: JSON.stringify({ query, variables }) })),
    )

  test.each<[string, object]>([
    ['{ acounts { totalCount } }', {}],
    ['{ accounts(frist: 1) { totalCount } }', {}],
    ['{ accounts(orderBy: {field: SUBSCRIBER_COUN}) { totalCount } }', {}],
    [
      'query ($f: AccountFilter) { accounts(filter: $f, first: 0) { nodes { id } } }',
      { f: { subscriberCoun: { gt: 1 } } },
    ],
    [
      'query ($o: AccountOrder) { accounts(orderBy: $o, first: 0) { nodes { id } } }',
      { o: { field: 'SUBSCRIBER_COUN' } },
    ],
    ['query ($f: AccountFiltr) { accounts(filter: $f) { totalCount } }', {}],
    ['{ node(id: "x") { ... on Acount { id } } }', {}],
  ])('an error suggests names and has no stack trace: %s', async (query, variables) => {
    const [production, development] = await both(query, variables)
    expect(production!.body).toMatch(/"errors".*Did you mean/)
    expect(production!.body).not.toMatch(/stacktrace|node_modules|\.[jt]s:\d+/i)
    expect(JSON.parse(development!.body).errors).toEqual(JSON.parse(production!.body).errors)
  })

  test('batches are rejected', async () => {
    for (const one of [server, tight]) {
      const batch = await request(one, { ...post(''), body: '[{"query":"{__typename}"},{"query":"{__typename}"}]' })
      expect(batch.status).toBe(400)
      expect(JSON.parse(batch.body).errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }])
    }
  })
})

describe('what is not HTTP gets GraphQL JSON', () => {
  test.each<[string, string, number, string]>([
    ['nonsense', 'nonsense\r\n\r\n', 400, 'BAD_REQUEST'],
    [
      'headers without end',
      `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    [
      'a length that is none',
      'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n',
      400,
      'BAD_REQUEST',
    ],
  ])('%s', async (_, sent, status, code) => {
    const answer = await converse(server, sent)
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(bodyOf(answer)).toMatchObject({ errors: [{ message: expect.any(String), extensions: { code } }] })
  })

  test('JSON as deep as a body is long', async () => {
    for (const body of [
      '['.repeat(500_000),
      `{"query":"{__typename}","variables":{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`,
    ]) {
      const answer = await request(server, { ...post(''), body })
      expect([200, 400]).toContain(answer.status)
      expect(JSON.parse(answer.body)).toEqual(expect.any(Object))
    }
    expect((await server.graphql('{ __typename }')).status).toBe(200)
  })
})

test('none of this is logged', () => {
  expect([server.process.stderr, tight.process.stderr]).toEqual(['', ''])
})
