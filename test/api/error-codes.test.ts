/** Compares docs/errors.md with the code, and causes every error code on a running server. */
import { readFileSync } from 'node:fs'
import {
  READ_ERROR_CODES,
  REQUEST_ERROR_CODES,
  type RequestErrorCode,
  USER_ERROR_CODES,
} from '../../src/domain/errors.ts'
import { RawSocket } from '../http/support/web-socket.ts'
import { ENTRIES } from '../support/program/access.ts'
import { converse, type HttpAnswer, type HttpRequest, post, request } from '../support/program/http.ts'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')
const rows = [...read('errors.md').matchAll(/^\| `([A-Z_]+)` +\| ([^|]+?) +\| ([^|]+?) +\| ([^|]+?) +\|$/gm)].map(
  ([, code, statuses, when, advice]) => ({
    code: code!,
    statuses: statuses!.split(', '),
    when: when!,
    advice: advice!,
  }),
)

test('docs/errors.md lists every request error code once', () => {
  expect(rows.map(({ code }) => code).sort()).toEqual([...REQUEST_ERROR_CODES].sort())
})

test('docs/rules.md lists every user error code', () => {
  const codes = [...read('rules.md').matchAll(/^\| `([A-Z_]+)` +\| [^|]+\| [^|]+\|$/gm)].map(([, code]) => code)
  expect(codes).toEqual(expect.arrayContaining([...USER_ERROR_CODES]))
})

const programs = usePrograms()
let open: TestServer
let closed: TestServer
beforeAll(async () => {
  open = await programs.serve({ cwd: await programs.folder(), args: ['--no-demo'], env: { HTTP_BODY_SECONDS: '1' } })
  const limits = { REQUESTS_PER_MINUTE: '20', SOCKETS_PER_ADDRESS: '1' }
  const guarded = { ACCESS_TOKENS: ENTRIES, ANYONE_MAY: 'read', ...limits }
  closed = await programs.serve({ cwd: await programs.folder(), args: ['--no-demo'], env: guarded })
})

const GRAPHQL = 'application/graphql-response+json'
const asked = (query: string, more: HttpRequest['headers'] = {}) => request(open, post(query, more))
const raw = async (text: string, server = open) => parsed(await converse(server, text))
const LENGTHY =
  'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{'
const PERSISTED = { extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } }
const HANDSHAKE = [
  'GET /graphql HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: graphql-transport-ws',
  '\r\n',
].join('\r\n')

/** A request that causes each code. Other tests cause the rest: test/faults/stopping, test/graphql/errors, test/http. */
const CAUSES: Partial<Record<RequestErrorCode, () => Promise<HttpAnswer>>> = {
  BAD_REQUEST: () => request(open, { ...post(''), body: '{' }),
  BAD_USER_INPUT: () => asked('query ($n: Int!) { accounts(first: $n) { totalCount } }', { accept: GRAPHQL }),
  GRAPHQL_PARSE_FAILED: () => asked('{', { accept: GRAPHQL }),
  GRAPHQL_VALIDATION_FAILED: () => asked('query ($unused: Int) { __typename }'),
  OPERATION_RESOLUTION_FAILURE: () => asked('query A { __typename } query B { __typename }', { accept: GRAPHQL }),
  QUERY_TOO_COMPLEX: () => asked(`{ ${'categories { name } '.repeat(400)} }`),
  PERSISTED_QUERY_NOT_FOUND: () => request(open, { ...post(''), body: JSON.stringify(PERSISTED) }),
  UNAUTHENTICATED: () => request(closed, post('{ __typename }', { authorization: 'Bearer none' })),
  FORBIDDEN: () => asked('{ __typename }', { host: 'evil.example' }),
  NOT_FOUND: () => request(open, { path: '/nowhere' }),
  METHOD_NOT_ALLOWED: () => request(open, { method: 'DELETE' }),
  REQUEST_TIMEOUT: () => raw(LENGTHY),
  PAYLOAD_TOO_LARGE: () => asked(' '.repeat(2 ** 20)),
  UNSUPPORTED_MEDIA_TYPE: () =>
    request(open, { method: 'POST', headers: { 'content-type': 'text/xml' }, body: '<a/>' }),
  HEADERS_TOO_LARGE: () => raw(`GET /graphql?${'x'.repeat(40_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`),
  async TOO_MANY_SOCKETS() {
    const first = new RawSocket(closed)
    await first.initialize()
    try {
      return await raw(HANDSHAKE, closed)
    } finally {
      first.close()
    }
  },
  async RATE_LIMITED() {
    for (let n = 0; n < 20; n++) await request(closed, post('{ __typename }'))
    return request(closed, post('{ __typename }'))
  },
}

const ELSEWHERE: readonly RequestErrorCode[] = [
  ...READ_ERROR_CODES,
  'TOO_MANY_SUBSCRIPTIONS',
  'SERVER_STOPPING',
  'INTERNAL_SERVER_ERROR',
]

test('every code is caused here or in a test that is named here', () => {
  expect([...Object.keys(CAUSES), ...ELSEWHERE].sort()).toEqual([...REQUEST_ERROR_CODES].sort())
})

test('docs/errors.md lists the status of a media type that the client does not accept', async () => {
  const { status } = await asked('{ __typename }', { accept: 'text/plain' })
  expect(rows.find(({ code }) => code === 'BAD_REQUEST')!.statuses).toContain(String(status))
})

test.each(Object.entries(CAUSES))('%s', async (code, cause) => {
  const { status, headers, body } = await cause()
  expect(headers['content-type']).toMatch(/^application\/(json|graphql-response\+json); charset=utf-8$/)
  const { errors, ...rest } = JSON.parse(body)
  expect(Object.keys(rest).filter(key => key !== 'extensions')).toEqual([])
  expect(errors[0]).toEqual({
    message: expect.stringMatching(/\w.*/),
    extensions: { code },
    ...(errors[0].locations && { locations: expect.any(Array) }),
  })
  expect(rows.find(row => row.code === code)!.statuses).toContain(String(status))
})

function parsed(answer: string): HttpAnswer {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  const [line = '', ...lines] = head.split('\r\n')
  const headers = Object.fromEntries(lines.map(text => [text.split(': ')[0]!.toLowerCase(), text.split(': ')[1]]))
  return { status: Number(line.split(' ')[1]), headers, body }
}
