import { ENTRIES } from '../support/program/access.ts'
import { type HttpRequest, post, request } from '../support/program/http.ts'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'

const programs = usePrograms()
let server: TestServer
beforeAll(async () => {
  const env = { ACCESS_TOKENS: ENTRIES, CORS_ORIGINS: 'https://charts.example' }
  server = await programs.serve({ cwd: await programs.folder(), args: ['--no-demo'], env })
})

test.each<[string, HttpRequest, number]>([
  ['a response', { path: '/healthz' }, 200],
  ['an error', post('{ __typename }'), 401],
  ['a rejected upload', { method: 'POST', path: '/ingest' }, 401],
  ['a wrong host', { headers: { host: 'evil.example' } }, 403],
])('%s has headers that keep a browser from treating it as anything but data', async (_, asked, status) => {
  const answer = await request(server, asked)
  expect(answer.status).toBe(status)
  expect(answer.headers).toMatchObject({
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  })
  for (const name of ['server', 'x-powered-by', 'strict-transport-security']) {
    expect(answer.headers).not.toHaveProperty(name)
  }
})

test('the page of Sandbox declares its own policy and cannot be framed', async () => {
  const { headers, body } = await request(server, { headers: { accept: 'text/html' } })
  expect(headers['content-security-policy']).toBe("frame-ancestors 'none'")
  expect(headers['cross-origin-opener-policy']).toBe('same-origin-allow-popups')
  expect(body).toContain('http-equiv="Content-Security-Policy"')
})

test('only pages of the origins in CORS_ORIGINS can read responses', async () => {
  const asked = (origin: string) => request(server, post('{ __typename }', { origin }))
  const { headers } = await asked('https://charts.example')
  expect(headers).toMatchObject({
    'access-control-allow-origin': 'https://charts.example',
    'access-control-expose-headers': expect.stringContaining('RateLimit-Remaining'),
  })
  for (const origin of ['https://studio.apollographql.com', 'https://evil.example', 'http://charts.example']) {
    expect((await asked(origin)).headers).not.toHaveProperty('access-control-allow-origin')
  }
})
