import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { link, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hashFile } from '../../src/ingestion/input-file.ts'
import { ingestFile } from '../../src/ingestion/pipeline.ts'
import { acquireLock } from '../../src/storage/sqlite/files/lock.ts'
import { identityOf, withDatabase } from '../ingestion/support/database.ts'
import { childrenOf } from '../support/program/children.ts'
import { writeDrop } from '../support/program/drops.ts'
import { type IngestPayload, ingest } from '../support/program/ingest.ts'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'
import { until } from '../support/until.ts'
import { isAlive } from './support/ended.ts'
import { ledgerIn, measurementsIn } from './support/inspect.ts'
import { openLog } from './support/open-log.ts'
import { expectSound } from './support/sound.ts'

const programs = usePrograms()

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const AT = '2024-05-01T12:00:00Z'
const OWN = ['', '-wal', '-shm', '.write-lock', '.server-lock'].map(suffix => `accounts.db${suffix}`)

describe("a server that is asked to ingest the database's own files", () => {
  let cwd: string
  let database: string
  let server: TestServer
  const answers = new Map<string, IngestPayload>()

  beforeAll(async () => {
    cwd = await programs.folder()
    const data = join(cwd, 'data')
    database = join(data, 'accounts.db')
    await writeDrop(join(data, 'one.parquet'), [{ account: 1, count: 5_000, at: AT }])
    server = await programs.serve({ cwd })
    expect(await ingest(server, 'one.parquet')).toMatchObject({ ingestion: { status: 'SUCCEEDED' } })
    await link(database, join(data, 'other.parquet'))
    await link(`${database}.server-lock`, join(data, 'lock.parquet'))
    expect(await readdir(data)).toEqual(expect.arrayContaining(OWN))
    for (const file of [...OWN, './accounts.db', database, 'other.parquet', 'lock.parquet'])
      answers.set(file, await ingest(server, file))
  })

  test('says that they are no drops, whatever they are called', () => {
    for (const [file, answer] of answers) {
      const message = `${file} is the database or one of its files. Name a Parquet file.`
      const refused = { code: 'NOT_PARQUET', field: ['input', 'file'], message }
      expect(answer).toEqual({ alreadyIngested: false, ingestion: null, userErrors: [refused] })
    }
  })

  test('keeps its log when another program closes the database', async () => {
    const children = childrenOf(server.process.pid)
    for (const pid of children) process.kill(pid, 'SIGKILL')
    await until(() => !children.some(isAlive), 'its processes to be gone')
    openLog(database).close()
    expect(measurementsIn(database)).toBe(1)
    expect(statSync(`${database}-wal`).size).toBeGreaterThan(0)
    expect(ledgerIn(database)).toHaveLength(1)
  })

  test('is still alone on its database', async () => {
    const { exitCode, stderr } = await programs.run(['serve', '--port', '0'], { cwd })
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('Another server is already') })
    await server.stop()
    expectSound(database)
  })
})

test('the command line refuses them too, and goes on', async () => {
  const cwd = await programs.folder()
  await writeDrop(join(cwd, 'one.parquet'), [{ account: 1, count: 5_000, at: AT }])
  const { exitCode, stderr } = await programs.run(['ingest', 'data/accounts.db', 'one.parquet'], { cwd })
  const refused = 'data/accounts.db: NOT_PARQUET: data/accounts.db is the database or one of its files'
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining(refused) })
  expect(ledgerIn(join(cwd, 'data/accounts.db'))).toMatchObject([{ file: 'one.parquet', status: 'SUCCEEDED' }])
})

test('a file that has taken the place of a drop after it was hashed is not opened', () =>
  withDatabase(async database => {
    const path = join(database.folder, 'drop.parquet')
    await writeDrop(path, [{ account: 1, count: 5_000, at: AT }])
    const file = await hashFile(path, 'drop.parquet')
    const lock = await acquireLock(database.path, 'server', 0)
    await rm(path)
    await link(`${database.path}.server-lock`, path)
    const { ingestion } = await ingestFile({ file, identity: identityOf() }, database.loader)
    expect(ingestion).toMatchObject({ status: 'FAILED', error: { code: 'FILE_CHANGED' } })
    expect(isLocked(`${database.path}.server-lock`)).toBe(true)
    lock.release()
    expect(isLocked(`${database.path}.server-lock`)).toBe(false)
  }))

/** As another process sees it. */
function isLocked(path: string): boolean {
  const attempt = `import('./dist/storage/sqlite/connection/driver.js').then(({ Database }) => {
    new Database(process.argv[1], { timeout: 0 }).exec('BEGIN EXCLUSIVE')
  })`
  const { stderr } = spawnSync(process.execPath, ['-e', attempt, path], { cwd: ROOT, encoding: 'utf8' })
  if (stderr !== '' && !stderr.includes('SQLITE_BUSY')) throw new Error(stderr)
  return stderr !== ''
}
