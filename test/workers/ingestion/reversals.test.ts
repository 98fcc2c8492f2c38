/** A reversal waits in the queue like a file, and ends like one, with messages of its own. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { acquireLock } from '../../../src/storage/sqlite/files/lock.ts'
import { residentBytes } from '../../../src/workers/child-worker.ts'
import { Holder, holdReader } from '../../faults/support/holder.ts'
import { ledgerIn } from '../../faults/support/inspect.ts'
import { expectSound } from '../../faults/support/sound.ts'
import { type Caps, Supervised, withSupervisor } from '../../hostile/support/supervised.ts'
import { withFolder } from '../../ingestion/support/database.ts'
import { ingestionProcessOf } from '../../support/program/children.ts'
import { writeDrop } from '../../support/program/drops.ts'
import { until } from '../../support/until.ts'

const ONE_MIB = 2 ** 20
const AT = '2024-05-01T12:00:00Z'

async function ingested(supervised: Supervised): Promise<string> {
  await writeDrop(join(supervised.folder, 'drop.parquet'), [{ account: 1, count: 5_000, at: AT }])
  return (await supervised.ingest('drop.parquet')).ingestion!.id
}

/** A supervisor with these limits, over a database with an ingestion to revert. */
function withIngested(caps: Caps, work: (supervised: Supervised, id: string) => Promise<void>): Promise<void> {
  return withFolder(async folder => {
    const before = new Supervised(folder, {})
    const id = await ingested(before)
    await before.close()
    const supervised = new Supervised(folder, caps)
    await work(supervised, id)
    await supervised.close()
  })
}

/** Suspends the ingestion process before it receives the next command. */
function stopped(supervised: Supervised): number {
  const pid = supervised.pid()
  process.kill(pid, 'SIGSTOP')
  return pid
}

const notReverted = (code: string, why: string) => ({
  ingestion: { status: 'SUCCEEDED' },
  error: { code, field: null, message: expect.stringContaining(why) },
})

test('a reversal whose process crashes says so and can be repeated', () =>
  withSupervisor({}, async supervised => {
    const id = await ingested(supervised)
    const pid = stopped(supervised)
    const answer = supervised.supervisor.revert(id)
    await sleep(0)
    process.kill(pid, 'SIGKILL')
    const outcome = await answer
    expect(outcome).toMatchObject(notReverted('INGESTION_INTERRUPTED', 'revert it again'))
    expect(outcome.error!.message).not.toContain('file')
    expect(await supervised.supervisor.revert(id)).toMatchObject({ ingestion: { status: 'REVERTED' }, error: null })
    expectSound(supervised.path)
  }))

test('a reversal that uses too much memory says so', () =>
  withIngested({ maxResidentBytes: ONE_MIB }, async (supervised, id) => {
    // A process that has just started uses next to nothing.
    await until(() => residentBytes(supervised.pid()) > ONE_MIB, 'the process to grow')
    stopped(supervised)
    const outcome = await supervised.supervisor.revert(id)
    expect(outcome).toMatchObject(notReverted('RESOURCE_LIMIT', 'INGEST_MAX_MEMORY_MB'))
    expect(outcome.error!.message).toMatch(/^The reversal took more memory/)
  }))

test('a reversal whose process hangs before it begins is stopped', () =>
  withIngested({ baseSeconds: 2 }, async (supervised, id) => {
    stopped(supervised)
    const outcome = supervised.supervisor.revert(id)
    expect(await outcome).toMatchObject(notReverted('RESOURCE_LIMIT', 'INGEST_BASE_SECONDS'))
  }))

test('a reversal whose process hangs while it waits for the write lock is stopped', () =>
  withIngested({ baseSeconds: 1, waitMs: 1_000 }, async (supervised, id) => {
    const lock = await acquireLock(supervised.path, 'write', 0)
    const outcome = supervised.supervisor.revert(id)
    await until(() => supervised.isWaiting, 'it to wait')
    stopped(supervised)
    lock.release()
    expect(await outcome).toMatchObject(notReverted('RESOURCE_LIMIT', 'INGEST_BASE_SECONDS'))
  }))

test('a reversal may take as long as the rows that it reads allow, and no longer', () =>
  withIngested({ baseSeconds: 2 }, async (supervised, id) => {
    const holder = await Holder.start(supervised.path, 'BEGIN IMMEDIATE')
    const outcome = await supervised.supervisor.revert(id)
    await holder.release()
    expect(outcome).toMatchObject(notReverted('RESOURCE_LIMIT', 'more time than it may take'))
    expectSound(supervised.path)
  }))

test('a running or waiting reversal does not delay a stop', () =>
  withSupervisor({}, async supervised => {
    const id = await ingested(supervised)
    const lock = await acquireLock(supervised.path, 'write', 0)
    const answers = Promise.all([1, 2].map(() => supervised.supervisor.revert(id)))
    await sleep(100)
    await supervised.supervisor.abort()
    expect(await answers).toMatchObject(Array(2).fill(notReverted('INGESTION_INTERRUPTED', 'server is stopping')))
    lock.release()
    expectSound(supervised.path)
  }))

test('a reversal takes a place in the queue', () =>
  withSupervisor({ maxQueued: 1 }, async supervised => {
    const id = await ingested(supervised)
    const pid = stopped(supervised)
    const answers = [1, 2].map(() => supervised.supervisor.revert(id))
    expect(await supervised.supervisor.revert(id)).toMatchObject(notReverted('QUEUE_FULL', 'Try again'))
    expect(await supervised.errorOf('drop.parquet')).toMatchObject({ code: 'QUEUE_FULL' })
    process.kill(pid, 'SIGCONT')
    expect((await answers[0])!.error).toBeNull()
    await answers[1]
  }))

test('an ingestion and a reversal whose process crashes after the commit have succeeded', () =>
  withSupervisor({}, async supervised => {
    const { path, supervisor } = supervised
    await ingested(supervised)
    await writeDrop(join(supervised.folder, 'next.parquet'), [{ account: 2, count: 6_000, at: AT }])
    const dyingWhen = async <Outcome>(status: string, answer: Promise<Outcome>): Promise<Outcome> => {
      await until(() => ledgerIn(path).some(line => line.file === 'next.parquet' && line.status === status), status)
      process.kill(ingestionProcessOf(process.pid)!, 'SIGKILL')
      return answer
    }
    // Keeps the write-ahead log from being truncated, so that both are committed for a while before they are reported.
    const holder = await holdReader(path)
    const taken = await dyingWhen('SUCCEEDED', supervised.ingest('next.parquet'))
    expect(taken).toMatchObject({ ingestion: { status: 'SUCCEEDED', inserted: 1 }, error: null })
    const reverted = await dyingWhen('REVERTED', supervisor.revert(taken.ingestion!.id))
    expect(reverted).toMatchObject({ ingestion: { status: 'REVERTED' }, error: null })
    await holder.release()
    expectSound(path)
  }))
