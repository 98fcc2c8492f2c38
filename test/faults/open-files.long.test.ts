/** A server that may open no more files, as when very many clients are connected: it answers, and recovers by itself. */
import { join } from 'node:path'
import { ingestionProcessOf, readerProcessesOf } from '../support/program/children.ts'
import { writeDrop } from '../support/program/drops.ts'
import { ingest } from '../support/program/ingest.ts'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'
import { until } from '../support/until.ts'
import { canLimitFiles, withFewFiles } from './support/open-files.ts'

const canBeTried = canLimitFiles()
if (!canBeTried) console.warn('open files cannot be limited here: what happens without any is not tried')

const programs = usePrograms()
let server: TestServer

beforeAll(async () => {
  const cwd = await programs.folder()
  await writeDrop(join(cwd, 'data/drop.parquet'), [{ account: 1, count: 5_000, at: '2024-05-01T12:00:00Z' }])
  server = await programs.serve({ cwd, args: ['--no-demo'] })
})

;(canBeTried ? describe : describe.skip)('a process that cannot be started', () => {
  test('fails the file that it was for, and the next one is taken', async () => {
    const pid = server.ingestionPid()
    process.kill(pid, 'SIGKILL')
    await until(() => ingestionProcessOf(server.process.pid) === undefined, 'the ingestion process is gone')
    // A connection, and the file.
    await withFewFiles(server.process.pid, 3, async () => {
      const { userErrors } = await ingest(server, 'drop.parquet')
      expect(userErrors).toMatchObject([{ code: 'INGESTION_INTERRUPTED' }])
    })
    expect(await ingest(server, 'drop.parquet')).toMatchObject({ ingestion: { status: 'SUCCEEDED' }, userErrors: [] })
  })

  test('fails the query that it was for, and the next one is answered', async () => {
    const query = '{ categories { name } }'
    const readers = () => readerProcessesOf(server.process.pid)
    for (const pid of readers()) process.kill(pid, 'SIGKILL')
    await until(() => readers().length === 0, 'the reader processes are gone')
    // A connection.
    await withFewFiles(server.process.pid, 1, async () => {
      expect(await server.refusal(query)).toMatchObject({ extensions: { code: 'QUERY_INTERRUPTED' } })
    })
    expect(await server.graphql(query)).toMatchObject({ status: 200, data: { categories: expect.any(Array) } })
  })

  test('leaves the server ready', async () => {
    expect((await fetch(`${server.origin}/readyz`)).status).toBe(200)
  })
})
