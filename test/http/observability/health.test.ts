import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Database } from '../../../src/storage/sqlite/connection/driver.ts'
import { Holder } from '../../faults/support/holder.ts'
import { canMakeReadOnly, makeReadOnly, makeWritable } from '../../faults/support/immutable.ts'
import { request } from '../../support/program/http.ts'
import { usePrograms } from '../../support/program/programs.ts'
import type { TestServer } from '../../support/program/server.ts'

const programs = usePrograms()
let cwd: string
let database: string
let server: TestServer

beforeAll(async () => {
  cwd = await programs.folder()
  database = join(cwd, 'data/accounts.db')
  server = await programs.serve({ cwd })
})

const READY = { migrations: 'ok', database: 'ok', disk: 'ok', stopping: 'ok' }
/** Results are reused for a second. */
const KEPT_MS = 1_100

async function readiness(of = server) {
  const { status, headers, body } = await request(of, { path: '/readyz' })
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': expect.stringContaining('json') })
  return { code: status, ...JSON.parse(body) }
}

describe('/healthz', () => {
  test('reports that the process is alive', async () => {
    const { status, body } = await request(server, { path: '/healthz' })
    expect([status, body]).toEqual([200, '{"status":"alive"}'])
    expect(await request(server, { method: 'HEAD', path: '/healthz' })).toMatchObject({ status: 200, body: '' })
  })

  test('checks the host', async () => {
    const answers = ['/healthz', '/readyz'].map(path => request(server, { path, headers: { host: 'evil.example' } }))
    expect(await Promise.all(answers)).toMatchObject([{ status: 403 }, { status: 403 }])
  })
})

describe('/readyz', () => {
  beforeEach(() => sleep(KEPT_MS))

  test('names every check', async () => {
    expect(await readiness()).toEqual({ code: 200, status: 'ready', checks: READY })
  })

  test('accepts a database that another program writes to', async () => {
    const writing = await Holder.start(database, 'BEGIN IMMEDIATE')
    try {
      expect(await readiness()).toMatchObject({ code: 200, checks: READY })
    } finally {
      await writing.release()
    }
  })

  test('reports tables of another version', async () => {
    const connection = new Database(database)
    try {
      connection.exec('UPDATE __drizzle_migrations SET created_at = created_at + 1')
      const migrations = 'The tables of the database have another version than this program: restart the server.'
      expect(await readiness()).toEqual({ code: 503, status: 'not ready', checks: { ...READY, migrations } })
    } finally {
      connection.exec('UPDATE __drizzle_migrations SET created_at = created_at - 1')
      connection.close()
    }
  })

  ;(canMakeReadOnly() ? test : test.skip)('reports a database that cannot be written', async () => {
    makeReadOnly(database)
    try {
      expect(await readiness()).toMatchObject({
        code: 503,
        checks: { ...READY, database: 'The server cannot write to the database: check its permissions and its disk.' },
      })
    } finally {
      makeWritable(database)
    }
  })

  test('reports a disk that is nearly full', async () => {
    const full = await programs.serve({ cwd: await programs.folder(), env: { MIN_FREE_DISK_MB: '999999999' } })
    expect(await readiness(full)).toMatchObject({
      code: 503,
      checks: { ...READY, disk: 'The disk is nearly full: free some space, or lower MIN_FREE_DISK_MB.' },
    })
    await full.stop()
  })
})
