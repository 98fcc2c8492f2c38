import { statSync } from 'node:fs'
import { join } from 'node:path'
import { Frozen } from '../../faults/support/frozen.ts'
import { BIG_ROWS, writeBigDrop, writeDrop } from '../../support/program/drops.ts'
import { request } from '../../support/program/http.ts'
import { ingest } from '../../support/program/ingest.ts'
import { usePrograms } from '../../support/program/programs.ts'
import type { TestServer } from '../../support/program/server.ts'
import { answerWhen } from '../../support/until.ts'
import { Scrape } from '../support/scrape.ts'

const programs = usePrograms()
const AT = '2024-05-01T12:00:00Z'

let cwd: string
let server: TestServer

beforeEach(async () => {
  cwd = await programs.folder()
  server = await programs.serve({ cwd })
})

afterEach(() => server.stop())

const scrapeWhen = (isWanted: (scrape: Scrape) => boolean) =>
  answerWhen(() => Scrape.of(server), isWanted, 'the counts that are wanted')

describe('/metrics', () => {
  test('counts requests by route, method and status, with one label for unknown paths', async () => {
    await Promise.all(['/a', '/b?c', '/graphql/', '/healthz'].map(path => request(server, { path })))
    await request(server, { method: 'PUT', path: '/graphql' })
    const scrape = await Scrape.of(server)
    const counted = scrape.of('account_growth_http_requests_total')
    expect(counted.map(({ labels, value }) => [...Object.values(labels), value]).sort()).toEqual([
      ['/graphql', 'GET', '400', 1],
      ['/healthz', 'GET', '200', 1],
      ['none', 'GET', '404', 2],
      ['none', 'PUT', '405', 1],
    ])
    expect(scrape.value('account_growth_http_request_duration_seconds_count', { route: 'none' })).toBe(3)
  })

  test('counts and times operations by name, type and status', async () => {
    for (let i = 0; i < 3; i++) await server.graphql('query Names { accounts { totalCount } }')
    await server.graphql('{ dataset { asOf } }')
    await server.graphql('query Bad { accounts(first: -1) { totalCount } }')
    await server.graphql('query Bad { nothing }')
    await server.graphql('mutation Take { ingestAccounts(input: { file: "no.parquet" }) { alreadyIngested } }')
    const scrape = await Scrape.of(server)
    const counted = (operation: string, type: string, status: string) =>
      scrape.value('account_growth_graphql_operations_total', { operation, type, status })
    expect(counted('Names', 'query', 'ok')).toBe(3)
    expect(counted('anonymous', 'query', 'ok')).toBe(1)
    expect(counted('Bad', 'query', 'BAD_USER_INPUT')).toBe(1)
    expect(counted('invalid', 'invalid', 'GRAPHQL_VALIDATION_FAILED')).toBe(1)
    expect(counted('Take', 'mutation', 'ok')).toBe(1)
    const buckets = scrape.of('account_growth_graphql_operation_duration_seconds_bucket')
    const ofNames = buckets.filter(({ labels }) => labels.operation === 'Names').map(({ value }) => value)
    expect(ofNames).toEqual([...ofNames].sort((a, b) => a - b))
    expect(ofNames.at(-1)).toBe(3)
  })

  test('has labels for at most a hundred names of operations', async () => {
    for (let i = 0; i < 130; i++) await server.graphql(`query Name${i} { __typename }`)
    const scrape = await Scrape.of(server)
    const counted = scrape.of('account_growth_graphql_operations_total')
    expect(counted).toHaveLength(101)
    expect(counted.find(({ labels }) => labels.operation === 'other')?.value).toBe(30)
  })

  test('counts files by status and rows by outcome', async () => {
    await writeDrop(join(cwd, 'data/one.parquet'), [
      { account: 1, count: 5_000, at: AT },
      { account: 2, count: 500, at: AT },
      { account: 3, count: 700, at: AT },
      { account: 3, count: -1, at: AT },
    ])
    await writeDrop(join(cwd, 'data/two.parquet'), [
      { account: 1, count: 6_000, at: AT },
      { account: 2, count: 500, at: AT },
    ])
    await ingest(server, 'one.parquet')
    await ingest(server, 'one.parquet')
    await ingest(server, 'two.parquet')
    await ingest(server, 'none.parquet')
    const scrape = await Scrape.of(server)
    const counted = scrape.of('account_growth_ingestions_total')
    expect(counted.map(({ labels, value }) => [labels.status, labels.code, value]).sort()).toEqual([
      ['ALREADY_INGESTED', 'none', 1],
      ['REFUSED', 'FILE_NOT_FOUND', 1],
      ['SUCCEEDED', 'none', 2],
    ])
    const rows = (outcome: string) => scrape.value('account_growth_rows_total', { outcome })
    expect(['inserted', 'corrected', 'unchanged', 'rejected'].map(rows)).toEqual([3, 1, 1, 1])
    expect(scrape.value('account_growth_rejected_rows_total', { reason: 'INVALID_SUBSCRIBER_COUNT' })).toBe(1)
    expect(scrape.value('account_growth_ingestion_duration_seconds_count')).toBe(2)
    expect(scrape.value('account_growth_ingestion_rows_per_second')).toBeGreaterThan(0)
    expect(scrape.value('account_growth_accounts')).toBe(1)
    expect(scrape.value('account_growth_measurements')).toBe(3)
    expect(scrape.value('account_growth_as_of_timestamp_seconds')).toBe(Date.parse(AT) / 1000)
  })

  test('reports the queue, the size of the database and the state of the process', async () => {
    const database = join(cwd, 'data/accounts.db')
    await writeBigDrop(join(cwd, 'data/big.parquet'), 0)
    await writeDrop(join(cwd, 'data/one.parquet'), [{ account: 1, count: 5_000, at: AT }])
    const answer = ingest(server, 'big.parquet')
    const frozen = await Frozen.in(server.process, database, 'big.parquet')
    await ingest(server, 'one.parquet', { wait: false })
    const during = await Scrape.of(server)
    expect(during.value('account_growth_ingestions_running')).toBe(1)
    expect(during.value('account_growth_ingestions_queued')).toBe(1)
    frozen.thaw()
    await answer
    const after = await scrapeWhen(scrape => scrape.value('account_growth_ingestion_duration_seconds_count') === 2)
    expect(after.value('account_growth_measurements')).toBe(BIG_ROWS + 1)
    expect(after.value('account_growth_ingestions_running')).toBe(0)
    expect(after.value('account_growth_ingestions_queued')).toBe(0)
    expect(after.value('account_growth_database_bytes')).toBe(statSync(database).size)
    expect(after.value('account_growth_wal_bytes')).toBe(0)
    expect(after.value('account_growth_disk_free_bytes')).toBeGreaterThan(0)
    expect(after.value('process_resident_memory_bytes')).toBeGreaterThan(10_000_000)
    expect(after.value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0)
    expect(after.of('account_growth_http_requests_total').length).toBeGreaterThan(0)
  })
})
