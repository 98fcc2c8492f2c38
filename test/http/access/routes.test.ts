import fastify from 'fastify'
import { Gate } from '../../../src/http/access/gate.ts'
import { requireRouteRights } from '../../../src/http/access/routes.ts'
import { usePrograms } from '../../support/program/programs.ts'

/** Every route with its right, written out. A new one belongs here, and its refusals into the table of matrix.test.ts. */
const ROUTES: Readonly<Record<string, string>> = {
  '/': 'open',
  '/charts': 'open',
  '/charts/…': 'open',
  '/export.csv': 'read',
  '/export.ndjson': 'read',
  '/export.parquet': 'read',
  '/graphql': 'as asked',
  '/healthz': 'open',
  '/ingest': 'ingest',
  '/metrics': 'read',
  '/readyz': 'open',
  '/snapshot.db': 'admin',
}

const programs = usePrograms()

test('every route of the server says which right it needs', async () => {
  const preload = new URL('support/tell-routes.mjs', import.meta.url)
  const env = { NODE_OPTIONS: `--import ${preload}` }
  const server = await programs.serve({ cwd: await programs.folder(), args: ['--no-demo'], env })
  const told = server.process.stderr.match(/(?<=^ROUTE ).*$/gm)!
  const routes = told.map(line => JSON.parse(line) as { method: string; url: string; right: string | null })
  // Preflights have theirs before anything is asked for.
  expect(routes.filter(({ right }) => right === null)).toEqual([{ method: 'OPTIONS', url: '*', right: null }])
  const ours = routes
    .filter(({ url }) => url !== '*')
    .map(({ url, right }) => `${url.replace(/^\/charts\/.*/, '/charts/…')}: ${right}`)
  const expected = Object.entries(ROUTES).map(([url, right]) => `${url}: ${right}`)
  expect([...new Set(ours)].sort()).toEqual(expected.sort())
})

const gate = new Gate({
  tokens: [],
  anyone: null,
  requestsPerMinute: Number.POSITIVE_INFINITY,
  authFailuresPerMinute: Number.POSITIVE_INFINITY,
  onUnknownToken: () => {},
})

test('a route that says none keeps the server from starting', async () => {
  const app = fastify()
  requireRouteRights(app, gate)
  expect(() => app.get('/new', () => 'secret')).toThrow('GET /new does not say which right it needs')
  app.register(async scope => void scope.post('/deeper', { config: {} }, () => 'secret'))
  await expect(app.ready()).rejects.toThrow('POST /deeper does not say which right it needs')
  await app.close()
})

test('a route that came before the rule is for admins only', async () => {
  const app = fastify()
  app.get('/old', () => 'secret')
  requireRouteRights(app, gate)
  expect((await app.inject('/old')).statusCode).not.toBe(200)
  await app.close()
})
