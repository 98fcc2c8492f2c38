import { parseConfig } from '../../src/config/config.ts'
import { AppError } from '../../src/domain/errors.ts'

type Settings = Parameters<typeof parseConfig>[0]
const accessOf = (settings: Settings) => parseConfig(settings).access

test('allows nothing by default, except the origin of Apollo Sandbox', () => {
  expect(accessOf({})).toEqual({
    tokens: '',
    tokensFile: undefined,
    anyoneMay: undefined,
    allowedHosts: [],
    corsOrigins: ['https://studio.apollographql.com'],
    trustedProxies: [],
    requestsPerMinute: undefined,
    authFailuresPerMinute: 20,
    socketsPerAddress: 100,
  })
})

test.each<[Settings, object]>([
  [{ ALLOWED_HOSTS: 'Growth.example, nas\n[::1]' }, { allowedHosts: ['growth.example', 'nas', '[::1]'] }],
  [{ CORS_ORIGINS: 'none' }, { corsOrigins: [] }],
  [
    { CORS_ORIGINS: 'https://a.example http://localhost:3000' },
    { corsOrigins: ['https://a.example', 'http://localhost:3000'] },
  ],
  [{ TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8,fd00::/8' }, { trustedProxies: ['127.0.0.1', '10.0.0.0/8', 'fd00::/8'] }],
  [{ REQUESTS_PER_MINUTE: '10' }, { requestsPerMinute: 10 }],
  [{ REQUESTS_PER_MINUTE: 'unlimited' }, { requestsPerMinute: Number.POSITIVE_INFINITY }],
  [{ ANYONE_MAY: 'read' }, { anyoneMay: 'read' }],
])('%j', (settings, access) => expect(accessOf(settings)).toMatchObject(access))

test.each<[Settings, string]>([
  [{ ALLOWED_HOSTS: 'growth.example:4000' }, 'must be host names without port, such as growth.example.org'],
  [{ ALLOWED_HOSTS: '*' }, 'must be host names without port, such as growth.example.org'],
  [{ ALLOWED_HOSTS: 'https://growth.example' }, 'must be host names without port, such as growth.example.org'],
  [{ CORS_ORIGINS: '*' }, 'must be origins, such as https://charts.example.org, or none'],
  [{ CORS_ORIGINS: 'https://a.example/' }, 'must be origins, such as https://charts.example.org, or none'],
  [{ CORS_ORIGINS: 'null' }, 'must be origins, such as https://charts.example.org, or none'],
  [{ TRUSTED_PROXIES: 'proxy.example' }, 'must be addresses or networks, such as 127.0.0.1 or 10.0.0.0/8'],
  [{ TRUSTED_PROXIES: '10.0.0.0/33' }, 'must be addresses or networks, such as 127.0.0.1 or 10.0.0.0/8'],
  [{ TRUSTED_PROXIES: 'true' }, 'must be addresses or networks, such as 127.0.0.1 or 10.0.0.0/8'],
  [{ REQUESTS_PER_MINUTE: '0' }, 'must be a whole number above 0, or unlimited'],
  [{ AUTH_FAILURES_PER_MINUTE: 'many' }, 'must be a whole number above 0'],
  [{ SOCKETS_PER_ADDRESS: '-1' }, 'must be a whole number above 0'],
  [{ ANYONE_MAY: 'admin' }, 'must be one of nothing, read, ingest, everything'],
])('rejects %j', (settings, words) => {
  const message = `${Object.keys(settings)[0]} ${words}`
  expect(() => parseConfig(settings)).toThrow(new AppError('INVALID_CONFIGURATION', message))
})
