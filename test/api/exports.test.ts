import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { EXPORT_FORMATS } from '../../src/domain/exporter.ts'
import type { GrowthKind } from '../../src/domain/growth.ts'
import { Database } from '../../src/storage/sqlite/connection/driver.ts'
import { anyCrowd } from '../proof/support/crowd.ts'
import { filterJson, orderJson } from '../proof/support/graphql-pages.ts'
import { anyList, isByGrowth, type List } from '../proof/support/lists.ts'
import { NaiveStore } from '../support/oracle/naive.ts'
import { type DropRow, writeDrop } from '../support/oracle/parquet.ts'
import { ingest } from '../support/program/ingest.ts'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'
import { download, outgoingFiles, save } from './support/download.ts'
import { exportedOf, readExport, TYPES, typesOf } from './support/exported.ts'

const programs = usePrograms()

const [CROWD] = fc.sample(anyCrowd, { seed: 7, numRuns: 1 }) as [DropRow[][]]
const LISTS = fc.sample(anyList, { seed: 11, numRuns: 14 })

/** Category names that have a meaning in CSV. */
const ODD: DropRow[] = ['Über, uns;"quoted"', 'new line?;Gaming', ';;', 'a', null].map((categories, i) => ({
  account_id: `ffffffff-0000-4000-8000-00000000000${i}`,
  date: '2024-03-31T10:20:30Z',
  subscriber_count: 2 ** 53 - 1 - i,
  categories,
}))

let cwd: string
let server: TestServer
const naive = new NaiveStore()

beforeAll(async () => {
  cwd = await programs.folder()
  server = await programs.serve({ cwd })
  for (const [i, rows] of [...CROWD, ODD].entries()) {
    await writeDrop(join(cwd, `data/${i}.parquet`), rows)
    expect(await ingest(server, `${i}.parquet`)).toMatchObject({ userErrors: [] })
    naive.ingest(rows, { id: String(i), now: Date.now() })
  }
})

afterAll(async () => expect(await outgoingFiles(join(cwd, 'data/accounts.db'))).toEqual([]))

/** What docs/exports.md says of an export's growth. */
function kindOf({ filter, order }: Omit<List, 'kind'>): GrowthKind {
  if (isByGrowth(order)) return order.growth
  const { window, baseline } = filter.growth ?? { window: 'MONTH', baseline: 'FIRST_IN_WINDOW' }
  return { window, baseline }
}

const json = ({ filter, order }: Omit<List, 'kind'>) => ({ filter: filterJson(filter), orderBy: orderJson(order) })

describe.each(EXPORT_FORMATS)('GET /export.%s', format => {
  test.each(LISTS.map((list, i) => [i, list] as const))('is the whole list %i of the oracle: %j', async (i, list) => {
    const expected = naive.accounts(list.filter, list.order, kindOf(list)).map(exportedOf)
    const answer = await download(server, format, json(list))
    expect(answer).toMatchObject({ status: 200, code: undefined })
    const path = await save(join(cwd, `${i}.${format}`), answer)
    expect(await readExport(path, format)).toEqual(expected)
    expect(answer.headers.get('x-account-count')).toBe(String(expected.length))
    expect(answer.headers.get('x-as-of')).toBe(new Date(naive.asOf!).toISOString())
  })

  test('contains all accounts, largest first, by default', async () => {
    const path = await save(join(cwd, `all.${format}`), await download(server, format))
    const order = { field: 'SUBSCRIBER_COUNT', direction: 'DESC' } as const
    expect(await readExport(path, format)).toEqual(naive.accounts({}, order).map(exportedOf))
  })

  test('npm run export writes the same file', async () => {
    const { filter, orderBy } = json(LISTS[0]!)
    const args = ['--filter', JSON.stringify(filter), '--order-by', JSON.stringify(orderBy)]
    const run = await programs.run(['export', ...args, '--out', `cli.${format}`], { cwd })
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    const { bytes, headers } = await download(server, format, { filter, orderBy })
    expect(new Uint8Array(await readFile(join(cwd, `cli.${format}`)))).toEqual(bytes)
    expect(run.stdout).toContain(`cli.${format}: ${headers.get('x-account-count')} accounts, `)
    expect((await readdir(cwd)).filter(name => name.startsWith('.'))).toEqual([])
  })
})

describe('an export', () => {
  test('has the documented Parquet types', async () => {
    const path = await save(join(cwd, 'typed.parquet'), await download(server, 'parquet'))
    expect(await typesOf(path)).toEqual(TYPES)
  })

  test('without rows is a valid file', async () => {
    for (const format of EXPORT_FORMATS) {
      const answer = await download(server, format, { filter: { categories: { anyOf: [] } } })
      expect(answer.headers.get('x-account-count')).toBe('0')
      expect(await readExport(await save(join(cwd, `none.${format}`), answer), format)).toEqual([])
    }
  })

  test('as Parquet can be ingested into another database with the same result', async () => {
    const elsewhere = await programs.folder()
    await save(join(elsewhere, 'accounts.parquet'), await download(server, 'parquet'))
    expect(await programs.run(['ingest', 'accounts.parquet'], { cwd: elsewhere })).toMatchObject({ exitCode: 0 })
    await programs.run(['export', '--out', 'again.ndjson'], { cwd: elsewhere })
    const newest = (rows: Awaited<ReturnType<typeof readExport>>) =>
      rows.map(({ account_id, subscriber_count, date, categories }) => [account_id, subscriber_count, date, categories])
    const [before, after] = [join(elsewhere, 'accounts.parquet'), join(elsewhere, 'again.ndjson')]
    expect(newest(await readExport(after, 'ndjson'))).toEqual(newest(await readExport(before, 'parquet')))
  })

  test('has headers for its file name and for caching', async () => {
    expect(new Date(naive.asOf!).toISOString()).toBe('2024-03-31T10:20:30.000Z')
    const { headers } = await download(server, 'csv')
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="accounts-20240331T102030Z.csv"',
      'cache-control': 'private, no-cache',
      etag: expect.stringMatching(/^"[0-9a-f]{64}"$/),
    })
  })

  test('answers 304 for a known ETag until something is ingested', async () => {
    const first = await download(server, 'ndjson')
    const etag = first.headers.get('etag')!
    const again = () => download(server, 'ndjson', {}, { headers: { 'if-none-match': `"x", W/${etag}` } })
    expect(await again()).toMatchObject({ status: 304, bytes: new Uint8Array() })
    expect((await download(server, 'csv', {}, { headers: { 'if-none-match': etag } })).status).toBe(200)
    const later: DropRow = { ...ODD[0]!, date: '2024-04-01T00:00:00Z', subscriber_count: 5000 }
    await writeDrop(join(cwd, 'data/later.parquet'), [later])
    await ingest(server, 'later.parquet')
    naive.ingest([later], { id: 'later', now: Date.now() })
    const changed = await again()
    expect(changed.status).toBe(200)
    expect(changed.headers.get('etag')).not.toBe(etag)
    expect(changed.headers.get('x-as-of')).toBe('2024-04-01T00:00:00.000Z')
  })

  test('has a new ETag after a repair, and so has a snapshot', async () => {
    const right = await download(server, 'csv')
    const database = new Database(join(cwd, 'data/accounts.db'))
    database.exec('UPDATE account SET subscriber_count = subscriber_count + 1 WHERE subscriber_count > 1000').close()
    const tagOf = async (path: string) => (await fetch(server.origin + path)).headers.get('etag')!
    const [csv, copy] = [await tagOf('/export.csv'), await tagOf('/snapshot.db')]
    const statusOf = async (path: string, tag: string) =>
      (await fetch(server.origin + path, { headers: { 'if-none-match': tag } })).status
    expect([await statusOf('/export.csv', csv), await statusOf('/snapshot.db', copy)]).toEqual([304, 304])
    expect(await programs.run(['check', '--repair'], { cwd })).toMatchObject({ exitCode: 0 })
    expect([await statusOf('/export.csv', csv), await statusOf('/snapshot.db', copy)]).toEqual([200, 200])
    expect((await download(server, 'csv')).bytes).toEqual(right.bytes)
  })

  test('answers HEAD with the headers of GET', async () => {
    const head = await download(server, 'parquet', {}, { method: 'HEAD' })
    const get = await download(server, 'parquet')
    const exportHeaders = ({ headers }: typeof head) =>
      ['content-length', 'etag', 'x-account-count', 'content-type', 'content-digest'].map(name => headers.get(name))
    expect([head.status, head.bytes.length]).toEqual([200, 0])
    expect(exportHeaders(head)).toEqual(exportHeaders(get))
  })
})

describe('an invalid export request is rejected like an invalid query', () => {
  test.each([
    ['filter={', /^"filter" is not valid JSON/],
    ['filter=[]', /^"filter" got invalid value \[\]; Expected type "AccountFilter" to be an object\.$/],
    [
      'filter={"subscribercount":{}}',
      /^"filter".* Field "subscribercount" is not defined by type "AccountFilter"\. Did you mean "subscriberCount"\?/,
    ],
    ['filter={"subscriberCount":{"gt":1.5}}', /^"filter.subscriberCount.gt" got invalid value 1\.5; .*non-integer/],
    ['filter={"measuredAt":{"gt":"yesterday"}}', /^"filter.measuredAt.gt" .*RFC 3339/],
    ['orderBy={"field":"NAME"}', /^"orderBy.field" got invalid value "NAME"/],
    ['orderBy={"field":"ACCOUNT_ID","window":"WEEK"}', /does not apply to the order ACCOUNT_ID/],
    ['order={}', /^Unknown parameter "order"\. Use filter, orderBy\./],
    ['filter={}&filter={}', /is repeated/],
  ])('%s', async (query, message) => {
    const response = await fetch(`${server.origin}/export.csv?${query}`)
    const { errors } = (await response.json()) as { errors: object[] }
    expect(response.status).toBe(400)
    expect(errors).toEqual([{ message: expect.stringMatching(message), extensions: { code: 'BAD_USER_INPUT' } }])
  })

  test('by other methods and from pages of other origins', async () => {
    expect(await download(server, 'csv', {}, { method: 'POST' })).toMatchObject({
      status: 405,
      code: 'METHOD_NOT_ALLOWED',
    })
    const foreign = { headers: { origin: 'http://evil.example' } }
    expect(await download(server, 'csv', {}, foreign)).toMatchObject({ status: 403, code: 'FORBIDDEN' })
    expect((await download(server, 'csv', {}, { headers: { origin: server.origin } })).status).toBe(200)
  })

  test.each([
    [['--out', 'x.xlsx'], 'The format "xlsx" is not supported. Set --format to one of csv, ndjson, parquet.\n'],
    [['--out', '-', '--format', 'parquet'], 'Parquet cannot be written to standard output. Name a file with --out.\n'],
    [['--out', 'x.csv', '--filter', '{'], expect.stringContaining('"filter" is not valid JSON')],
  ])('on the command line: %j', async (args, stderr) => {
    expect(await programs.run(['export', ...args], { cwd })).toEqual({ exitCode: 2, stdout: '', stderr })
  })

  test('of a database that does not exist', async () => {
    const elsewhere = await programs.folder()
    const run = await programs.run(['export', '--out', 'x.csv'], { cwd: elsewhere })
    expect(run).toMatchObject({ exitCode: 1, stderr: 'NO_DATABASE: There is no file data/accounts.db.\n' })
    expect(await readdir(elsewhere)).toEqual(['data'])
  })
})

test('the standard output contains the export and nothing else', async () => {
  const { stdout, stderr, exitCode } = await programs.run(['export', '--out', '-', '--format', 'csv'], { cwd })
  expect(exitCode).toBe(0)
  expect(stdout).toBe(Buffer.from((await download(server, 'csv')).bytes).toString())
  expect(stderr).toMatch(/^-: \d+ accounts, /)
})
