import { dirname, join } from 'node:path'
import { type ExecutionArgs, type ExecutionResult, subscribe } from 'graphql'
import { errorFormatter } from '../../src/graphql/errors.ts'
import { nodeId } from '../../src/graphql/node-id.ts'
import { SubscriptionOperations } from '../../src/graphql/subscription-operations.ts'
import { SqliteLoader } from '../../src/storage/sqlite/load/loader.ts'
import { identityOf } from '../ingestion/support/database.ts'
import { beginLoad } from '../ingestion/support/loads.ts'
import { LONG_ROWS, writeBigDrop } from '../support/program/drops.ts'
import { PausedIngestionProcess } from './support/paused-process.ts'
import { accountId, TestApi } from './support/test-api.ts'

let api: TestApi
beforeAll(async () => {
  api = await TestApi.open()
})
afterAll(() => api.close())

const PROGRESS = `subscription ($id: ID!) { ingestionProgress(id: $id) {
  id status rowsTotal rowsRead rowsPerSecond secondsLeft inserted
} }`

/** Subscribes as a WebSocket does. Yields the events, or the one result with the errors. */
async function open(variables: Record<string, unknown>) {
  const opened = await subscribe(
    new SubscriptionOperations().prepare({ query: PROGRESS, variables }, api.context) as ExecutionArgs,
  )
  if (Symbol.asyncIterator in opened) return opened
  return (async function* () {
    yield opened
  })()
}

// biome-ignore lint/suspicious/noExplicitAny: events have the shape of their query.
async function states(id: string): Promise<any[]> {
  const seen = []
  for await (const { data, errors } of await open({ id })) seen.push(errors ?? data?.ingestionProgress)
  return seen
}

async function ingest(file: string, wait: boolean): Promise<string> {
  const mutation = `mutation ($file: String!, $wait: Boolean!) {
    ingestAccounts(input: {file: $file, wait: $wait}) { ingestion { id } }
  }`
  return (await api.data(mutation, { file, wait })).ingestAccounts.ingestion.id
}

test('emits every state from QUEUED to the result, with progress in between', async () => {
  const folder = dirname(api.databasePath)
  await writeBigDrop(join(folder, 'big.parquet'), 1, LONG_ROWS)
  await writeBigDrop(join(folder, 'next.parquet'), 2, LONG_ROWS)
  const big = await ingest('big.parquet', false)
  const next = await ingest('next.parquet', false)
  const [first, second] = await Promise.all([states(big), states(next)])

  expect(second[0]).toMatchObject({ id: next, status: 'QUEUED', rowsTotal: null, rowsRead: 0, secondsLeft: null })
  expect(first.at(-1)).toMatchObject({ id: big, status: 'SUCCEEDED', rowsRead: LONG_ROWS, inserted: LONG_ROWS })
  expect(second.at(-1)).toMatchObject({ id: next, status: 'SUCCEEDED', rowsRead: LONG_ROWS, inserted: 0 })
  for (const seen of [first, second]) {
    const running = seen.filter(({ status, rowsRead }) => status === 'RUNNING' && rowsRead > 0)
    expect(running.length).toBeGreaterThan(0)
    expect(running[0]).toMatchObject({ rowsTotal: LONG_ROWS, secondsLeft: expect.any(Number) })
    expect(running.map(({ rowsRead }) => rowsRead)).toEqual(
      running.map(({ rowsRead }) => rowsRead).sort((a, b) => a - b),
    )
  }
})

test('emits the result of an ended ingestion once', async () => {
  await api.ingest('one.parquet', [[accountId(1), '2024-11-28', 5000]])
  const { dataset } = await api.data('{ dataset { lastIngestion { id } } }')
  expect(await states(dataset.lastIngestion.id)).toMatchObject([{ status: 'SUCCEEDED', rowsRead: 1 }])
})

test('ends with CANCELLED after a cancellation, and immediately for a client that unsubscribes', async () => {
  await writeBigDrop(join(dirname(api.databasePath), 'third.parquet'), 3, LONG_ROWS)
  const paused = new PausedIngestionProcess()
  const id = await ingest('third.parquet', false)
  const left = (await open({ id })) as AsyncGenerator<ExecutionResult>
  await left.next()
  const pending = left.next().then(() => left.next())
  await left.return(undefined)
  expect((await pending).done).toBe(true)
  const all = states(id)
  await paused.resumeAfter(
    api.data('mutation ($id: ID!) { cancelIngestion(input: {id: $id}) { ingestion { id } } }', { id }),
  )
  const seen = await all
  expect(seen.at(-1)).toMatchObject({ status: 'CANCELLED' })
})

test('emits the result of an ingestion that another program runs, and ends immediately for a client that unsubscribes', async () => {
  const other = new SqliteLoader(api.databasePath)
  const load = await beginLoad(other, identityOf({ id: '7d0d1a5e-0000-4000-8000-000000000001' }), Date.now())
  const id = nodeId({ type: 'Ingestion', id: '7d0d1a5e-0000-4000-8000-000000000001' })
  const [left, kept] = [await open({ id }), await open({ id })] as AsyncGenerator<ExecutionResult>[]
  for (const states of [left!, kept!]) {
    expect((await states.next()).value.data).toMatchObject({ ingestionProgress: { status: 'RUNNING' } })
  }
  const pending = left!.next()
  await left!.return(undefined)
  expect((await pending).done).toBe(true)
  const last = kept!.next()
  await load.commit({ rowsTotal: 0, rowsRead: 0 })
  expect((await last).value.data).toMatchObject({ ingestionProgress: { id, status: 'SUCCEEDED' } })
  expect((await kept!.next()).done).toBe(true)
  await other.close()
})

test('formats errors like queries', async () => {
  const unexpected: unknown[] = []
  const format = errorFormatter({ onUnexpectedError: error => unexpected.push(error) })
  const errorsOf = async (variables: Record<string, unknown>) => {
    for await (const { errors = [] } of await open(variables)) return errors.map(error => format(error.toJSON(), error))
    return []
  }
  const unknown = nodeId({ type: 'Ingestion', id: 'no such' })
  expect(await errorsOf({ id: unknown })).toMatchObject([
    { path: ['ingestionProgress'], extensions: { code: 'NOT_FOUND' } },
  ])
  for (const id of ['x', nodeId({ type: 'Account', accountId: accountId(1) }), null, {}]) {
    expect(await errorsOf({ id })).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  }
  expect(unexpected).toEqual([])
})

test('is rejected over HTTP with a hint at WebSocket', async () => {
  const { code, message } = await api.error(PROGRESS, { id: 'x' })
  expect([code, message]).toEqual(['BAD_REQUEST', expect.stringContaining('graphql-transport-ws')])
})
