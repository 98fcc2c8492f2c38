import { join } from 'node:path'
import { acquireLock } from '../../../src/storage/sqlite/files/lock.ts'
import { ledgerIn } from '../../faults/support/inspect.ts'
import { withSupervisor } from '../../hostile/support/supervised.ts'
import { writeDrop } from '../../support/program/drops.ts'
import { until } from '../../support/until.ts'

const ROWS = [{ account: 1, count: 5_000, at: '2024-05-01T12:00:00Z' }]

test('an ingestion that waits for the write lock is cancelled immediately, without a ledger entry, and keeps its process', () =>
  withSupervisor({ waitMs: 60_000 }, async supervised => {
    const { supervisor, path, folder } = supervised
    await writeDrop(join(folder, 'file.parquet'), ROWS)
    const pid = supervised.pid()
    const lock = await acquireLock(path, 'write', 0)
    const { ingestion } = await supervised.ingest('file.parquet', false)
    await until(() => supervised.isWaiting, 'the ingestion to wait')
    const outcome = await supervisor.cancel(ingestion!.id)
    expect(outcome).toMatchObject({ error: null, ingestion: { status: 'CANCELLED' } })
    expect(supervisor.inProgress(ingestion!.id)).toEqual(outcome.ingestion)
    expect(ledgerIn(path)).toEqual([])
    lock.release()
    expect(await supervised.ingest('file.parquet')).toMatchObject({ error: null, ingestion: { status: 'SUCCEEDED' } })
    expect(supervised.pid()).toBe(pid)
  }))

test('a listener receives every state of an ingestion, the last one being its result', () =>
  withSupervisor({}, async supervised => {
    await writeDrop(join(supervised.folder, 'file.parquet'), ROWS)
    const states: string[] = []
    const request = { file: 'file.parquet', wait: true, dryRun: false }
    const { ingestion } = await supervised.supervisor.ingest(request, { onState: ({ status }) => states.push(status) })
    expect(states[0]).toBe('RUNNING')
    expect(states.at(-1)).toBe(ingestion!.status)
  }))

test('requests for the same bytes share one ingestion unless their options differ', () =>
  withSupervisor({}, async supervised => {
    await writeDrop(join(supervised.folder, 'file.parquet'), ROWS)
    const pid = supervised.pid()
    process.kill(pid, 'SIGSTOP')
    const request = { file: 'file.parquet', wait: false, dryRun: false }
    const requests = [request, request, { ...request, dryRun: true }, { ...request, strict: true }]
    const ids: (string | undefined)[] = []
    for (const one of requests) ids.push((await supervised.supervisor.ingest(one)).ingestion?.id)
    expect(ids[1]).toBe(ids[0])
    expect(new Set(ids).size).toBe(3)
    process.kill(pid, 'SIGCONT')
  }))
