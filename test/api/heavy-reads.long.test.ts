import { join } from 'node:path'
import { isAlive } from '../faults/support/ended.ts'
import { childrenOf, readerProcessesOf } from '../support/program/children.ts'
import { writeDrop } from '../support/program/drops.ts'
import { ingest } from '../support/program/ingest.ts'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'
import { until } from '../support/until.ts'
import { makeCategoriesEndless } from '../workers/support/endless.ts'

const programs = usePrograms()

/** A server in which whatever looks at categories never ends. */
async function serveEndless(env: Record<string, string>): Promise<TestServer> {
  const cwd = await programs.folder()
  const server = await programs.serve({ cwd, env })
  await writeDrop(join(cwd, 'data/a.parquet'), [
    { account: 1, count: 5_000, at: '2024-05-01T12:00:00Z', categories: 'Gaming' },
    { account: 2, count: 6_000, at: '2024-05-02T12:00:00Z' },
  ])
  expect(await ingest(server, 'a.parquet')).toMatchObject({ userErrors: [] })
  makeCategoriesEndless(join(cwd, 'data/accounts.db'))
  return server
}

const ENDLESS = '{ categories { name } }'
const HEAVY = '{ accounts(orderBy: {field: GROWTH_ABSOLUTE, direction: ASC}) { totalCount nodes { subscriberCount } } }'
const NODES = { accounts: { totalCount: 2, nodes: [{ subscriberCount: 5000 }, { subscriberCount: 6000 }] } }

test('a query that takes too long ends with QUERY_TIMEOUT and stops no other query', async () => {
  const server = await serveEndless({ QUERY_TIMEOUT_MS: '5000' })
  let isOver = false
  const endless = server.refusal(ENDLESS).finally(() => (isOver = true))
  expect(await server.ask(HEAVY)).toEqual(NODES)
  expect(await server.ask('{ dataset { accountCount growthCoverage { noBaseline } } }')).toEqual({
    dataset: { accountCount: 2, growthCoverage: { noBaseline: 2 } },
  })
  expect(isOver).toBe(false)
  expect(await endless).toMatchObject({
    path: ['categories'],
    message: 'Reading took longer than the 5 s that are allowed. Ask for less, or raise QUERY_TIMEOUT_MS.',
    extensions: { code: 'QUERY_TIMEOUT' },
  })
  expect(await server.ask(HEAVY)).toEqual(NODES)
  expect(server.process.stderr).not.toMatch(/ended unexpectedly|Error/)
})

test('a reader process that exits fails its query, is logged, and is replaced', async () => {
  const server = await serveEndless({ QUERY_MAX_PROCESSES: '1' })
  const endless = server.refusal(ENDLESS)
  await server.ask('{ dataset { accountCount } }')
  for (const pid of readerProcessesOf(server.process.pid)) process.kill(pid, 'SIGKILL')
  expect(await endless).toMatchObject({ extensions: { code: 'QUERY_INTERRUPTED' } })
  expect(await server.ask(HEAVY)).toEqual(NODES)
  expect(server.process.stderr).toContain('A reader process ended unexpectedly: SIGKILL.')
})

test('more queries than may wait are refused at once, and cheap ones are answered all the while', async () => {
  const env = { QUERY_TIMEOUT_MS: '1000', QUERY_MAX_PROCESSES: '1', QUERY_MAX_QUEUED: '2' }
  const server = await serveEndless(env)
  const refusals = Array.from({ length: 20 }, () => server.refusal(ENDLESS))
  expect(await server.ask('{ accounts(first: 1) { totalCount nodes { subscriberCount } } }')).toEqual({
    accounts: { totalCount: 2, nodes: [{ subscriberCount: 6000 }] },
  })
  const codes = (await Promise.all(refusals)).map(({ extensions }) => extensions.code).sort()
  expect(codes).toEqual([...Array(3).fill('QUERY_TIMEOUT'), ...Array(17).fill('TOO_MANY_QUERIES')])
})

test('a server that stops ends what is read, and leaves no process', async () => {
  const server = await serveEndless({ QUERY_TIMEOUT_MS: '600000', SHUTDOWN_GRACE_SECONDS: '1' })
  server.refusal(ENDLESS).catch(() => {})
  await server.ask(HEAVY)
  const children = childrenOf(server.process.pid)
  expect(children).toHaveLength(3)
  await server.stop()
  expect(children.filter(isAlive)).toEqual([])
})

test('a server that is killed leaves no process that still reads', async () => {
  const server = await serveEndless({ QUERY_TIMEOUT_MS: '600000' })
  server.refusal(ENDLESS).catch(() => {})
  await server.ask(HEAVY)
  const readers = readerProcessesOf(server.process.pid)
  expect(readers.filter(isAlive)).not.toEqual([])
  await server.kill()
  await until(() => !readers.some(isAlive), 'the readers to end')
})
