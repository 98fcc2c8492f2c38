import fastify from 'fastify'
import { Authenticator } from '../../../src/http/auth/authenticator.ts'
import { authentication } from '../../../src/http/auth/route-roles.ts'
import { usePrograms } from '../../support/program/programs.ts'

/** The role of every route. Add a new route here, and its rejections to matrix.test.ts. */
const ROUTES: Readonly<Record<string, string>> = {
  '/': 'public',
  '/charts': 'public',
  '/charts/…': 'public',
  '/export.csv': 'read',
  '/export.ndjson': 'read',
  '/export.parquet': 'read',
  'GET /graphql': 'depends on the request',
  'POST /graphql': 'read',
  '/healthz': 'public',
  '/ingest': 'ingest',
  '/metrics': 'read',
  '/readyz': 'public',
  '/snapshot.db': 'admin',
}

const programs = usePrograms()

test('every route of the server declares its role', async () => {
  const preload = new URL('support/print-routes.mjs', import.meta.url)
  const env = { NODE_OPTIONS: `--import ${preload}` }
  const server = await programs.serve({ cwd: await programs.folder(), args: ['--no-demo'], env })
  const printed = server.process.stderr.match(/(?<=^ROUTE ).*$/gm)!
  const routes = printed.map(line => JSON.parse(line) as { method: string; url: string; role: string | null })
  // CORS preflights are answered before authentication.
  expect(routes.filter(({ role }) => role === null)).toEqual([{ method: 'OPTIONS', url: '*', role: null }])
  const ours = routes
    .filter(({ url }) => url !== '*')
    .map(({ method, url, role }) => {
      const path = url.replace(/^\/charts\/.*/, '/charts/…')
      return `${path === '/graphql' ? `${method} ${path}` : path}: ${role}`
    })
  const expected = Object.entries(ROUTES).map(([url, role]) => `${url}: ${role}`)
  expect([...new Set(ours)].sort()).toEqual(expected.sort())
})

const authenticator = new Authenticator({
  tokens: [],
  anyone: null,
  requestsPerMinute: Number.POSITIVE_INFINITY,
  authFailuresPerMinute: Number.POSITIVE_INFINITY,
  onUnknownToken: () => {},
})

test('a route without a role keeps the server from starting', async () => {
  const app = fastify()
  await app.register(authentication, { authenticator })
  expect(() => app.get('/new', () => 'secret')).toThrow('The route GET /new must declare config.role')
  app.register(async scope => void scope.post('/deeper', { config: {} }, () => 'secret'))
  await expect(app.ready()).rejects.toThrow('The route POST /deeper must declare config.role')
  await app.close()
})

test('a route that is added before authentication needs the role admin', async () => {
  const app = fastify()
  app.get('/old', () => 'secret')
  await app.register(authentication, { authenticator })
  expect((await app.inject('/old')).statusCode).not.toBe(200)
  await app.close()
})
