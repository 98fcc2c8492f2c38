import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openConnection } from '../../../../src/storage/sqlite/connection/connection.ts'
import { migrateDatabase } from '../../../../src/storage/sqlite/database.ts'
import { SqliteReader } from '../../../../src/storage/sqlite/read/reader.ts'

const DRIVER = fileURLToPath(new URL('../../../../dist/storage/sqlite/connection/driver.js', import.meta.url))

let folder: string
let path: string
let reader: SqliteReader

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'data-version-'))
  path = join(folder, 'test.db')
  migrateDatabase(path)
  reader = new SqliteReader(path)
})
afterAll(async () => {
  reader.close()
  await rm(folder, { recursive: true })
})

/** Whether the version is another after `work`; looked at twice each time, since to look must not change it. */
function changes(work: () => void): boolean {
  const before = [reader.dataVersion(), reader.dataVersion()]
  expect(before[1]).toBe(before[0])
  work()
  return reader.dataVersion() !== before[1]
}

/** In another process, which leaves the log as it is. */
function elsewhere(sql: string): void {
  const script = `import(process.argv[1]).then(({ Database }) => {
    new Database(process.argv[2]).exec(process.argv[3])
    process.kill(process.pid, 'SIGKILL')
  })`
  try {
    execFileSync(process.execPath, ['-e', script, DRIVER, path, sql], { stdio: 'pipe' })
  } catch (error) {
    if ((error as { signal?: string }).signal !== 'SIGKILL') throw error
  }
}

const COMMIT = 'UPDATE dataset SET as_of = coalesce(as_of, 0) + 1'

test('changes with every commit of another process', () => {
  for (let i = 0; i < 5; i++) expect(changes(() => elsewhere(COMMIT))).toBe(true)
})

test('changes with every commit of another connection in this process', () => {
  const connection = openConnection(path)
  for (let i = 0; i < 100; i++) expect(changes(() => connection.exec(COMMIT))).toBe(true)
  connection.close()
})

test('does not change before a commit', () => {
  const connection = openConnection(path)
  expect(changes(() => connection.exec(`BEGIN IMMEDIATE; ${COMMIT}`))).toBe(false)
  expect(changes(() => connection.exec('COMMIT'))).toBe(true)
  expect(changes(() => connection.exec(`BEGIN IMMEDIATE; ${COMMIT}; ROLLBACK`))).toBe(false)
  expect(changes(() => elsewhere(`BEGIN IMMEDIATE; ${COMMIT}`))).toBe(false)
  expect(changes(() => connection.prepare('SELECT * FROM dataset').all())).toBe(false)
  connection.close()
})

test('changes with commits before and after the log is truncated', () => {
  const connection = openConnection(path)
  for (let i = 0; i < 20; i++) {
    expect(changes(() => connection.exec(COMMIT))).toBe(true)
    connection.pragma('wal_checkpoint(TRUNCATE)')
    expect(changes(() => connection.exec(COMMIT))).toBe(true)
  }
  connection.close()
})

test('is up to date for the next read', async () => {
  const connection = openConnection(path)
  for (let i = 0; i < 50; i++) {
    connection.exec(`UPDATE dataset SET as_of = ${i}`)
    const version = reader.dataVersion()
    expect((await reader.dataset()).asOf).toBe(i)
    expect(reader.dataVersion()).toBe(version)
  }
  connection.close()
})
