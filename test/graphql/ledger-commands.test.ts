import { dirname, join } from 'node:path'
import { nodeId } from '../../src/graphql/node-id.ts'
import { LONG_ROWS, writeBigDrop } from '../support/program/drops.ts'
import { until } from '../support/until.ts'
import { PausedIngestionProcess } from './support/paused-process.ts'
import { accountId, type Row, TestApi } from './support/test-api.ts'

let api: TestApi
beforeEach(async () => {
  api = await TestApi.open()
})
afterEach(() => api.close())

const FIELDS = 'id status rowsRead inserted corrected rejected dryRun error { code }'
const INGEST = `mutation ($input: IngestAccountsInput!) { ingestAccounts(input: $input) {
  alreadyIngested ingestion { ${FIELDS} } userErrors { code field }
} }`
const command = (name: string) => `mutation ($id: ID!) { command: ${name}Ingestion(input: {id: $id}) {
  ingestion { ${FIELDS} } userErrors { code field message }
} }`
const DATA = `{ dataset { asOf measurementCount accountCount lastIngestion { id } } categories { name }
  accounts { nodes { accountId subscriberCount categories } } }`

const FIRST: Row[] = [1, 2].map(n => [accountId(n), '2024-11-20', 2000 + n, 'Gaming'])
const SECOND: Row[] = [2, 3].map(n => [accountId(n), n === 2 ? '2024-11-20' : '2024-11-28', 9000 + n, 'Podcast'])

const ingest = async (file: string, rest = {}) => (await api.data(INGEST, { input: { file, ...rest } })).ingestAccounts
const cancel = async (id: string) => (await api.data(command('cancel'), { id })).command
const revert = async (id: string) => (await api.data(command('revert'), { id })).command
const stateOf = async (id: string) =>
  (await api.data(`query ($id: ID!) { ingestion(id: $id) { ${FIELDS} } }`, { id })).ingestion

async function ingestBig(seed: number) {
  await writeBigDrop(join(dirname(api.databasePath), `${seed}.parquet`), seed, LONG_ROWS)
  return (await ingest(`${seed}.parquet`, { wait: false })).ingestion
}

describe('cancelIngestion', () => {
  test('removes a queued ingestion, which can still be queried', async () => {
    const running = await ingestBig(1)
    const waiting = await ingestBig(2)
    const { ingestion, userErrors } = await cancel(waiting.id)
    expect(ingestion).toMatchObject({ id: waiting.id, status: 'CANCELLED', error: { code: 'INGESTION_CANCELLED' } })
    expect(userErrors).toEqual([])
    expect(await stateOf(waiting.id)).toEqual(ingestion)
    expect((await stateOf(running.id)).status).toMatch(/QUEUED|RUNNING/)
    await cancel(running.id)
  })

  test('stops a running ingestion and rolls it back', async () => {
    await api.ingest('first.parquet', FIRST)
    const before = await api.data(DATA)
    const paused = new PausedIngestionProcess()
    const { id } = await ingestBig(1)
    await paused.stepUntil(async () => (await stateOf(id)).rowsRead > 0)
    const { ingestion, userErrors } = await paused.resumeAfter(cancel(id))
    expect(userErrors).toEqual([])
    expect(ingestion).toMatchObject({ id, status: 'CANCELLED', inserted: 0, error: { code: 'INGESTION_CANCELLED' } })
    expect(await api.data(DATA)).toEqual(before)
    expect((await ingest('1.parquet')).ingestion).toMatchObject({ status: 'SUCCEEDED', rowsRead: LONG_ROWS })
  })

  test('returns NOT_CANCELLABLE for an ingestion that has ended', async () => {
    api.write('first.parquet', FIRST)
    const { ingestion } = await ingest('first.parquet')
    expect(await cancel(ingestion.id)).toEqual({
      ingestion,
      userErrors: [
        { code: 'NOT_CANCELLABLE', field: ['input', 'id'], message: expect.stringContaining('SUCCEEDED already') },
      ],
    })
  })
})

describe('revertIngestion', () => {
  test('reverts the newest ingestion, whose file can then be ingested again', async () => {
    api.write('first.parquet', FIRST)
    const { ingestion: first } = await ingest('first.parquet')
    const before = await api.data(DATA)
    api.write('second.parquet', SECOND)
    const { ingestion: second } = await ingest('second.parquet')
    expect(second).toMatchObject({ inserted: 1, corrected: 1 })
    const after = await api.data(DATA)

    const tooEarly = await revert(first.id)
    expect(tooEarly).toMatchObject({ ingestion: first, userErrors: [{ code: 'NOT_LATEST_INGESTION' }] })
    expect(await api.data(DATA)).toEqual(after)

    expect(await revert(second.id)).toEqual({ ingestion: { ...second, status: 'REVERTED' }, userErrors: [] })
    expect(await api.data(DATA)).toEqual(before)

    const again = await ingest('second.parquet')
    expect(again).toMatchObject({ alreadyIngested: false, ingestion: { inserted: 1, corrected: 1 } })
    expect(again.ingestion.id).not.toBe(second.id)
    const lastIngestion = { id: again.ingestion.id }
    expect(await api.data(DATA)).toEqual({ ...after, dataset: { ...after.dataset, lastIngestion } })
  })
})

describe('an ingestion without data', () => {
  /** A message that says to revert later ingestions first would cost the client their data for nothing. */
  async function expectNothingToRevert(id: string, what: string): Promise<void> {
    const before = await api.data(DATA)
    const message = `The ingestion ${what}: it has no data in the database, and nothing to revert.`
    const error = { code: 'NOT_LATEST_INGESTION', field: ['input', 'id'], message }
    expect((await revert(id)).userErrors).toEqual([error])
    expect(await api.data(DATA)).toEqual(before)
  }

  test('cannot be reverted: a dry run, a failed one, a reverted one', async () => {
    api.write('first.parquet', FIRST)
    const dry = await ingest('first.parquet', { dryRun: true })
    await ingest('first.parquet')
    api.write('bad.parquet', [['no id', '2024-11-20', 1]])
    const bad = await ingest('bad.parquet')
    api.write('second.parquet', SECOND)
    const { ingestion: second } = await ingest('second.parquet')
    await expectNothingToRevert(dry.ingestion.id, 'was a dry run')
    await expectNothingToRevert(bad.ingestion.id, 'is FAILED')
    await revert(second.id)
    await expectNothingToRevert(second.id, 'is REVERTED')
  })
})

describe.each(['cancel', 'revert'])('%sIngestion', name => {
  test('returns NOT_FOUND in userErrors for an unknown id', async () => {
    const id = nodeId({ type: 'Ingestion', id: 'no such' })
    const { command: answer } = await api.data(command(name), { id })
    expect(answer.ingestion).toBeNull()
    expect(answer.userErrors).toEqual([{ code: 'NOT_FOUND', field: ['input', 'id'], message: expect.any(String) }])
  })

  test('rejects a malformed id and the id of another type as BAD_USER_INPUT', async () => {
    for (const id of ['', 'x', nodeId({ type: 'Account', accountId: accountId(1) })]) {
      expect((await api.error(command(name), { id })).code).toBe('BAD_USER_INPUT')
    }
    expect(api.unexpected).toEqual([])
  })
})

describe('a dry run', () => {
  test('reports the result, changes nothing, and is not the last ingestion', async () => {
    await api.ingest('first.parquet', FIRST)
    const before = await api.data(DATA)
    api.write('second.parquet', [...SECOND, ['no id', '2024-11-20', 1]])
    const dry = await ingest('second.parquet', { dryRun: true })
    expect(dry).toMatchObject({
      alreadyIngested: false,
      ingestion: { status: 'SUCCEEDED', dryRun: true, rowsRead: 3, inserted: 1, corrected: 1, rejected: 1 },
      userErrors: [],
    })
    expect(await api.data(DATA)).toEqual(before)
    expect((await revert(dry.ingestion.id)).userErrors).toMatchObject([{ code: 'NOT_LATEST_INGESTION' }])

    const wet = await ingest('second.parquet')
    expect(wet).toMatchObject({ alreadyIngested: false, ingestion: { dryRun: false, inserted: 1, corrected: 1 } })
    expect(await stateOf(dry.ingestion.id)).toEqual(dry.ingestion)
  })

  test('of a file that was ingested before returns the earlier ingestion', async () => {
    api.write('first.parquet', FIRST)
    await ingestBig(1)
    const wet = await ingest('first.parquet', { wait: false })
    const dry = await ingest('first.parquet', { wait: false, dryRun: true })
    expect(dry.ingestion).toMatchObject({ status: 'QUEUED', dryRun: true })
    await until(async () => (await stateOf(dry.ingestion.id)).status === 'SUCCEEDED', 'the end')
    expect((await stateOf(dry.ingestion.id)).id).toBe(wet.ingestion.id)
  })
})
