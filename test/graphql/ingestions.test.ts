import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { nodeId } from '../../src/graphql/node-id.ts'
import { until } from '../support/until.ts'
import { PausedIngestionProcess } from './support/paused-process.ts'
import { accountId, type Row, TestApi } from './support/test-api.ts'

const GOOD: Row[] = Array.from({ length: 60 }, (_, n) => [accountId(n), '2024-11-27', 1000 + n, 'Gaming'])
const BAD: Row[] = [
  ...Array.from({ length: 25 }, (_, n): Row => [`no id ${n}`, '2024-11-28', 5000]),
  ...Array.from({ length: 5 }, (_, n): Row => [accountId(n), 'yesterday', 5000]),
]

let api: TestApi
beforeEach(async () => {
  api = await TestApi.open()
})
afterEach(() => api.close())

const INGEST = `mutation ($input: IngestAccountsInput!) { ingestAccounts(input: $input) {
  alreadyIngested
  ingestion { id status rowsTotal rowsRead inserted corrected unchanged rejected error { code } }
  userErrors { code field message }
} }`
const INGESTION = 'query ($id: ID!) { ingestion(id: $id) { id status rowsRead rowsPerSecond secondsLeft finishedAt } }'

const ingest = async (input: Record<string, unknown>) => (await api.data(INGEST, { input })).ingestAccounts
const sha256 = async (file: string) =>
  createHash('sha256')
    .update(await readFile(join(dirname(api.databasePath), file)))
    .digest('hex')

describe('ingestAccounts', () => {
  test('returns the ingestion, and the same one for the same bytes', async () => {
    api.write('drop.parquet', [...GOOD, ...BAD])
    const first = await ingest({ file: 'drop.parquet' })
    expect(first).toEqual({
      alreadyIngested: false,
      userErrors: [],
      ingestion: {
        id: expect.any(String),
        status: 'SUCCEEDED',
        rowsTotal: 90,
        rowsRead: 90,
        inserted: 60,
        corrected: 0,
        unchanged: 0,
        rejected: 30,
        error: null,
      },
    })
    expect(await ingest({ file: 'drop.parquet', wait: false })).toEqual({ ...first, alreadyIngested: true })
  })

  test('returns errors of a file in userErrors', async () => {
    expect(await ingest({ file: 'nowhere.parquet' })).toEqual({
      alreadyIngested: false,
      ingestion: null,
      userErrors: [
        { code: 'FILE_NOT_FOUND', field: ['input', 'file'], message: expect.stringContaining('nowhere.parquet') },
      ],
    })
    api.write('bad.parquet', BAD)
    expect(await ingest({ file: 'bad.parquet' })).toMatchObject({
      ingestion: { status: 'FAILED', inserted: 0, rejected: 30, error: { code: 'TOO_MANY_REJECTED_ROWS' } },
      userErrors: [{ code: 'TOO_MANY_REJECTED_ROWS' }],
    })
  })

  test('compares the SHA-256 case-insensitively', async () => {
    api.write('drop.parquet', GOOD)
    const expectedSha256 = (await sha256('drop.parquet')).toUpperCase()
    const wrong = await ingest({ file: 'drop.parquet', expectedSha256: 'A'.repeat(64) })
    expect(wrong.userErrors).toMatchObject([{ code: 'CHECKSUM_MISMATCH' }])
    expect((await ingest({ file: 'drop.parquet', expectedSha256 })).ingestion.status).toBe('SUCCEEDED')
  })

  test.each(['', 'abc', 'g'.repeat(64), `${'a'.repeat(64)}b`])('rejects %j as a SHA-256', async expectedSha256 => {
    const error = await api.error(INGEST, { input: { file: 'drop.parquet', expectedSha256 } })
    expect(error).toEqual({ code: 'BAD_USER_INPUT', message: expect.stringContaining('Use its 64 hex digits') })
  })

  test('without wait returns immediately, and the id leads to the result', async () => {
    api.write('drop.parquet', GOOD)
    const paused = new PausedIngestionProcess()
    const { ingestion } = await ingest({ file: 'drop.parquet', wait: false, expectedSha256: null })
    expect(ingestion).toMatchObject({ status: 'QUEUED', rowsTotal: null, rowsRead: 0 })
    const stateNow = async () => (await api.data(INGESTION, { id: ingestion.id })).ingestion
    await until(async () => (await stateNow()).status === 'RUNNING', 'its turn')
    paused.resume()
    await until(async () => (await stateNow()).status === 'SUCCEEDED', 'its end')
    const end = await stateNow()
    expect(end.id).toBe(ingestion.id)
    expect(end).toMatchObject({ rowsRead: 60, secondsLeft: null, finishedAt: expect.any(String) })
    expect(end.rowsPerSecond).toBeGreaterThan(0)
  })
})

describe('ingestion', () => {
  test('returns null for an unknown id and an error for the id of another type', async () => {
    expect((await api.data(INGESTION, { id: nodeId({ type: 'Ingestion', id: 'no such' }) })).ingestion).toBeNull()
    for (const id of ['x', nodeId({ type: 'Account', accountId: accountId(1) })]) {
      expect((await api.error(INGESTION, { id })).code).toBe('BAD_USER_INPUT')
    }
  })

  test('returns the kept rejected rows in pages', async () => {
    api.write('drop.parquet', [...GOOD, ...BAD])
    const { ingestion } = await ingest({ file: 'drop.parquet' })
    const query = `query ($id: ID!, $after: String) { ingestion(id: $id) {
      rejections { reason count }
      rejectedRows(first: 28, after: $after) {
        totalCount nodes { rowNumber reason column row } pageInfo { hasNextPage endCursor }
      }
    } }`
    const first = (await api.data(query, { id: ingestion.id })).ingestion
    expect(first.rejections).toEqual([
      { reason: 'INVALID_ACCOUNT_ID', count: 25 },
      { reason: 'INVALID_TIMESTAMP', count: 5 },
    ])
    expect(first.rejectedRows.totalCount).toBe(30)
    expect(first.rejectedRows.nodes[0]).toMatchObject({
      rowNumber: 61,
      reason: 'INVALID_ACCOUNT_ID',
      column: 'account_id',
    })
    expect(JSON.parse(first.rejectedRows.nodes[0].row).account_id).toBe('no id 0')
    const after = first.rejectedRows.pageInfo.endCursor
    const rest = (await api.data(query, { id: ingestion.id, after })).ingestion.rejectedRows
    expect(rest.nodes.map(({ rowNumber }: { rowNumber: number }) => rowNumber)).toEqual([89, 90])
    expect(rest.pageInfo.hasNextPage).toBe(false)
  })
})

describe('the ledger and the dataset', () => {
  test('returns ingestions newest queued first, in pages', async () => {
    for (const n of [1, 2, 3]) {
      await api.ingest(`${n}.parquet`, [[accountId(1), `2024-11-0${n}`, 2000]])
      await sleep(2)
    }
    const query = `query ($after: String) { ingestions(first: 2, after: $after) {
      totalCount edges { cursor node { fileName } } pageInfo { hasNextPage hasPreviousPage }
    } }`
    const { ingestions: first } = await api.data(query)
    expect(first.totalCount).toBe(3)
    expect(first.edges.map(({ node }: { node: object }) => node)).toEqual([
      { fileName: '3.parquet' },
      { fileName: '2.parquet' },
    ])
    const { ingestions: second } = await api.data(query, { after: first.edges[1].cursor })
    expect(second).toMatchObject({
      edges: [{ node: { fileName: '1.parquet' } }],
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
    })
  })

  const DATASET = `{
    dataset { asOf firstMeasuredAt accountCount measurementCount lastIngestion { fileName }
      growthCoverage(window: WEEK) { known noRecentMeasurement noBaseline zeroBaseline } }
    categories { name accountCount }
  }`

  test('returns nulls and zeros for an empty database', async () => {
    const none = { known: 0, noRecentMeasurement: 0, noBaseline: 0, zeroBaseline: 0 }
    const figures = { asOf: null, firstMeasuredAt: null, accountCount: 0, measurementCount: 0, lastIngestion: null }
    expect(await api.data(DATASET)).toEqual({ dataset: { ...figures, growthCoverage: none }, categories: [] })
    expect(await api.data('{ accounts { totalCount nodes { id } } ingestions { totalCount nodes { id } } }')).toEqual({
      accounts: { totalCount: 0, nodes: [] },
      ingestions: { totalCount: 0, nodes: [] },
    })
  })

  test('returns the figures of the database', async () => {
    await api.ingest('drop.parquet', GOOD)
    await api.ingest('later.parquet', [[accountId(5), '2024-11-28', 9000, 'podcast;Gaming']])
    expect(await api.data(DATASET)).toEqual({
      dataset: {
        asOf: '2024-11-28T00:00:00.000Z',
        firstMeasuredAt: '2024-11-27T00:00:00.000Z',
        accountCount: 59,
        measurementCount: 61,
        lastIngestion: { fileName: 'later.parquet' },
        growthCoverage: { known: 1, noRecentMeasurement: 0, noBaseline: 58, zeroBaseline: 0 },
      },
      categories: [
        { name: 'Gaming', accountCount: 59 },
        { name: 'podcast', accountCount: 1 },
      ],
    })
  })
})
