/** A process that exceeds a limit is killed and replaced, and the queue goes on. */
import { execFile } from 'node:child_process'
import { truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { isAlive } from '../../faults/support/ended.ts'
import { expectSound } from '../../faults/support/sound.ts'
import { identicalRows, structsOfNothing } from '../../hostile/support/bombs.ts'
import { type Supervised, withSupervisor } from '../../hostile/support/supervised.ts'
import { withFolder } from '../../ingestion/support/database.ts'
import { withDatabase } from '../../proof/support/database.ts'
import { writeDrop } from '../../support/program/drops.ts'

const MIB = 2 ** 20
const GIB = 2 ** 30

async function expectGoesOn(supervised: Supervised, account: number): Promise<void> {
  const rows = [{ account, count: 5_000, at: '2024-05-01T12:00:00Z' }]
  await writeDrop(join(supervised.folder, `good-${account}.parquet`), rows)
  const { error, ingestion } = await supervised.ingest(`good-${account}.parquet`)
  expect(error).toBeNull()
  expect(ingestion).toMatchObject({ status: 'SUCCEEDED', inserted: 1 })
}

function limit(setting: string) {
  return { code: 'RESOURCE_LIMIT', message: expect.stringContaining(setting) }
}

test('the heap limit also holds in the reading thread', () =>
  withSupervisor({ maxHeapBytes: 64 * MIB, maxResidentBytes: 8 * GIB }, async supervised => {
    await writeFile(join(supervised.folder, 'heap.parquet'), structsOfNothing(3_000_000))
    const { error, ingestion } = await supervised.ingest('heap.parquet')
    expect(error).toMatchObject(limit('INGEST_MAX_MEMORY_MB'))
    expect(ingestion).toMatchObject({ status: 'FAILED', inserted: 0, error: { code: 'RESOURCE_LIMIT' } })
    await expectGoesOn(supervised, 1)
    expectSound(supervised.path)
  }))

test('the limit on resident memory', () =>
  withSupervisor({ maxHeapBytes: 8 * GIB, maxResidentBytes: 256 * MIB }, async supervised => {
    await expectGoesOn(supervised, 1)
    const before = supervised.pid()
    await writeFile(join(supervised.folder, 'rows.parquet'), identicalRows(30_000_000))
    const { error, ingestion } = await supervised.ingest('rows.parquet')
    expect(error).toMatchObject(limit('INGEST_MAX_MEMORY_MB'))
    expect(ingestion).toMatchObject({ status: 'FAILED', inserted: 0, rowsRead: 0 })
    expect(isAlive(before)).toBe(false)
    await expectGoesOn(supervised, 2)
    expectSound(supervised.path)
  }))

test('the deadline, even for a process that hangs before it begins', () =>
  withSupervisor({ baseSeconds: 3 }, async supervised => {
    await expectGoesOn(supervised, 1)
    const hung = supervised.pid()
    process.kill(hung, 'SIGSTOP')
    await writeDrop(join(supervised.folder, 'never.parquet'), [{ account: 2, count: 1, at: '2024-05-01T12:00:00Z' }])
    const answer = supervised.ingest('never.parquet')
    // The server still answers.
    expect((await supervised.reader.dataset()).measurementCount).toBe(1)
    expect((await answer).error).toMatchObject(limit('INGEST_BASE_SECONDS'))
    expect(isAlive(hung)).toBe(false)
    await expectGoesOn(supervised, 3)
    expectSound(supervised.path)
  }))

test('a process that cannot be started is reported, and started again later', () =>
  withFolder(async folder => {
    const at = '2024-05-01T12:00:00Z'
    for (const [account, name] of ['first', 'second'].entries()) {
      await writeDrop(join(folder, `${name}.parquet`), [{ account, count: 5_000, at }])
    }
    const script = join(import.meta.dirname, '../support/ingest-without-process.ts')
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, folder])
    const notStarted = { code: 'INGESTION_INTERRUPTED', message: expect.stringContaining('could not be started') }
    expect(JSON.parse(stdout)).toEqual([
      [expect.objectContaining(notStarted), 'FAILED'],
      [expect.objectContaining(notStarted), 'FAILED'],
      [null, 'SUCCEEDED'],
    ])
  }))

test('a snapshot whose process cannot be started is reported', () =>
  withDatabase(async ({ path }) => {
    const script = join(import.meta.dirname, '../support/snapshot-without-process.ts')
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, path])
    const why = 'The copy could not be made: its process could not be started'
    expect(JSON.parse(stdout)).toEqual(['ENOTDIR', 'ENOENT'].map(code => `SNAPSHOT_FAILED: ${why} (${code}).`))
  }))

test('a full queue refuses a file before reading it', () =>
  withSupervisor({ maxQueued: 1 }, async supervised => {
    await expectGoesOn(supervised, 1)
    const stopped = supervised.pid()
    process.kill(stopped, 'SIGSTOP')
    const at = '2024-05-01T12:00:00Z'
    for (const account of [2, 3]) {
      await writeDrop(join(supervised.folder, `${account}.parquet`), [{ account, count: 1, at }])
      await supervised.ingest(`${account}.parquet`, false)
    }
    await writeFile(join(supervised.folder, 'huge.parquet'), '')
    // A sparse file, but hashing it would take most of an hour.
    await truncate(join(supervised.folder, 'huge.parquet'), 1024 * GIB)
    expect(await supervised.errorOf('huge.parquet')).toMatchObject({ code: 'QUEUE_FULL' })
    process.kill(stopped, 'SIGCONT')
  }))
