import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import { join } from 'node:path'
import { isAlive } from '../faults/support/ended.ts'
import { duckdbParquet } from '../support/parquet/duckdb.ts'
import { readerProcessesOf } from '../support/program/children.ts'
import { type Row, writeDrop } from '../support/program/drops.ts'
import { ingest } from '../support/program/ingest.ts'
import { usePrograms } from '../support/program/programs.ts'
import { until } from '../support/until.ts'
import { makeCategoriesEndAgain, makeCategoriesEndless } from '../workers/support/endless.ts'
import { download, exportUrl, outgoingFiles, save } from './support/download.ts'
import { readExport } from './support/exported.ts'

const programs = usePrograms()

/** More accounts than go into the buffers between two programs: 30 MB as text. */
const WIDE = `
  SELECT '00000000-0000-4000-8000-' || lpad(i::VARCHAR, 12, '0') AS account_id, 5000 AS subscriber_count,
    TIMESTAMP_MS '2024-05-01 12:00:00' AS date, 'Gaming' AS categories
  FROM range(100000) rows(i)`

/** A filter that looks at categories, and cannot do without. */
const BY_CATEGORY = { filter: { categories: { noneOf: ['Unknown'] } } }

async function open(env: Record<string, string> = {}) {
  const cwd = await programs.folder()
  const database = join(cwd, 'data/accounts.db')
  return { cwd, database, files: () => outgoingFiles(database), server: await programs.serve({ cwd, env }) }
}

test('every export shows one state, while files are ingested', async () => {
  const { cwd, server } = await open()
  const accounts = 3_000
  const dropOf = (version: number): Row[] =>
    Array.from({ length: accounts }, (_, account) => ({
      account,
      count: 10_000 + version,
      at: new Date(Date.UTC(2024, 0, 1 + version)).toISOString(),
      categories: 'Gaming',
    }))
  const versions = [0, 1, 2, 3, 4, 5]
  for (const version of versions) await writeDrop(join(cwd, `data/${version}.parquet`), dropOf(version))
  await ingest(server, '0.parquet')
  let isDone = false
  const ingesting = (async () => {
    for (const version of versions.slice(1)) await ingest(server, `${version}.parquet`)
    isDone = true
  })()
  const seen = new Set<number>()
  for (let round = 0; !isDone || round < 2; round++) {
    const answer = await download(server, 'ndjson')
    const rows = await readExport(await save(join(cwd, 'seen.ndjson'), answer), 'ndjson')
    const counts = new Set(rows.map(row => row.subscriber_count))
    expect([rows.length, counts.size]).toEqual([accounts, 1])
    const [version] = [...counts].map(count => count - 10_000)
    expect(answer.headers.get('x-as-of')).toBe(new Date(Date.UTC(2024, 0, 1 + version!)).toISOString())
    seen.add(version!)
  }
  await ingesting
  expect(seen.size).toBeGreaterThan(1)
})

test('a client that hangs up leaves no file, and makes room for the next', async () => {
  const { cwd, server, files } = await open({ EXPORT_MAX_FILES: '1' })
  await writeFile(join(cwd, 'data/wide.parquet'), await duckdbParquet(WIDE))
  await ingest(server, 'wide.parquet')
  const waiting = get(exportUrl(server, 'ndjson'))
  const [response] = await once(waiting, 'response')
  expect(await files()).toEqual([])
  // It reads nothing: what it is sent stays where it is.
  expect(await download(server, 'csv')).toMatchObject({ status: 503, code: 'TOO_MANY_QUERIES' })
  response.destroy()
  await until(() => response.closed, 'the connection to be closed')
  await until(async () => (await download(server, 'csv')).status === 200, 'room for the next')
  expect(await files()).toEqual([])
})

test('an export that takes too long or too much space, or whose client disconnects, leaves no file', async () => {
  const env = { EXPORT_TIMEOUT_SECONDS: '1', EXPORT_MAX_FILE_MB: '1', EXPORT_MAX_FILES: '2' }
  const { cwd, server, database, files } = await open(env)
  await writeDrop(
    join(cwd, 'data/wide.parquet'),
    Array.from({ length: 6_000 }, (_, account) => ({ account, count: 5_000, at: '2024-05-01T12:00:00Z' })),
  )
  await ingest(server, 'wide.parquet')
  expect(await download(server, 'ndjson')).toMatchObject({
    status: 422,
    code: 'EXPORT_TOO_LARGE',
    message: expect.stringContaining('1048576 bytes'),
  })
  expect((await download(server, 'parquet')).status).toBe(200)
  makeCategoriesEndless(database)
  expect(await download(server, 'csv', BY_CATEGORY)).toMatchObject({ status: 503, code: 'QUERY_TIMEOUT' })
  const gone = new AbortController()
  const [dropped, late] = [download(server, 'csv', BY_CATEGORY, gone), download(server, 'csv', BY_CATEGORY)]
  gone.abort()
  await expect(dropped).rejects.toThrow()
  expect(await late).toMatchObject({ code: 'QUERY_TIMEOUT' })
  makeCategoriesEndAgain(database)
  expect(await files()).toEqual([])
  expect((await download(server, 'parquet', BY_CATEGORY)).status).toBe(200)
  expect(server.process.stderr).not.toMatch(/ended unexpectedly|Error/)
})

test('what a crash has left is cleared at the next start, and nothing else', async () => {
  const { cwd, server, database, files } = await open()
  await writeDrop(join(cwd, 'data/a.parquet'), [{ account: 1, count: 5_000, at: '2024-05-01T12:00:00Z' }])
  await ingest(server, 'a.parquet')
  makeCategoriesEndless(database)
  download(server, 'csv', BY_CATEGORY).catch(() => {})
  await until(async () => (await files()).length > 0, 'it to be written')
  const readers = readerProcessesOf(server.process.pid)
  await server.kill()
  for (const reader of readers.filter(isAlive)) process.kill(reader, 'SIGKILL')
  expect(await files()).toHaveLength(1)
  await mkdir(join(cwd, 'data/.exports'), { recursive: true })
  await writeFile(join(cwd, 'data/.exports/of-another-database'), '')
  makeCategoriesEndAgain(database)
  const again = await programs.serve({ cwd })
  expect(await files()).toEqual(['of-another-database'])
  expect((await download(again, 'csv', BY_CATEGORY)).headers.get('x-account-count')).toBe('1')
})

test('npm run export that is stopped leaves nothing, and the file that was there', async () => {
  const { cwd, server, database } = await open()
  await writeDrop(join(cwd, 'data/a.parquet'), [{ account: 1, count: 5_000, at: '2024-05-01T12:00:00Z' }])
  await ingest(server, 'a.parquet')
  await writeFile(join(cwd, 'out.csv'), 'before')
  makeCategoriesEndless(database)
  const args = ['export', '--filter', JSON.stringify(BY_CATEGORY.filter), '--out', 'out.csv']
  const stopped = programs.start(args, { cwd })
  await until(async () => (await readdir(cwd)).some(name => name.startsWith('.account-growth-')), 'it to be written')
  stopped.kill('SIGINT')
  expect(await stopped.exited).toEqual({ code: 1, signal: null })
  expect((await readdir(cwd)).sort()).toEqual(['data', 'out.csv'])
  expect(await readFile(join(cwd, 'out.csv'), 'utf8')).toBe('before')
  makeCategoriesEndAgain(database)
})
