import { setTimeout as sleep } from 'node:timers/promises'
import { DEFAULT_GROWTH } from '../../src/domain/growth.ts'
import { acquireLock } from '../../src/storage/sqlite/files/lock.ts'
import { residentBytes } from '../../src/workers/child-worker.ts'
import { isAlive } from '../faults/support/ended.ts'
import { withDatabase } from '../proof/support/database.ts'
import { until } from '../support/until.ts'
import { makeCategoriesEndless } from './support/endless.ts'
import { ingestionWorker, readerWorker } from './support/processes.ts'

const REVERT = { type: 'revert', id: 'none' } as const
const ENDLESS = { type: 'categories' } as const
const COVERAGE = { type: 'growthCoverage', kind: DEFAULT_GROWTH } as const

/** Longer than a quick command takes, and than the watchdog waits between two checks. */
const A_WHILE_MS = 500

test('an error of the process arrives with its code and field, and the process goes on', () =>
  withDatabase(async ({ path }) => {
    const worker = ingestionWorker(path).warm()
    const { pid } = worker
    const error = { name: 'AppError', code: 'NOT_FOUND', field: ['input', 'id'] }
    await expect(worker.run(REVERT)).rejects.toMatchObject(error)
    await expect(worker.run(REVERT)).rejects.toMatchObject(error)
    expect(worker.pid).toBe(pid)
    await worker.close()
  }))

test('an unexpected error arrives with the stack of the process', () =>
  withDatabase(async ({ path }) => {
    const worker = readerWorker(path)
    const kind = { window: 'NEVER', baseline: 'FIRST_IN_WINDOW' }
    const failed = worker.run({ type: 'growthCoverage', kind } as unknown as typeof COVERAGE)
    const stack = expect.stringContaining('dist/')
    await expect(failed).rejects.toMatchObject({ code: 'INTERNAL_SERVER_ERROR', stack })
    await worker.close()
  }))

test('a command that waits for the write lock emits an event, and fails when it has waited long enough', () =>
  withDatabase(async ({ path }) => {
    const lock = await acquireLock(path, 'write', 0)
    const worker = ingestionWorker(path, 300)
    const events: string[] = []
    const busy = worker.run(REVERT, { onEvent: ({ type }) => events.push(type) })
    await expect(busy).rejects.toMatchObject({ code: 'DATABASE_BUSY' })
    expect(events).toEqual(['waiting'])
    lock.release()
    await worker.close()
  }))

test('a signal that is aborted after its command has ended stops nothing', () =>
  withDatabase(async ({ path }) => {
    const worker = ingestionWorker(path)
    const first = new AbortController()
    await expect(worker.run(REVERT, { signal: first.signal })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const { pid } = worker
    const second = worker.run(REVERT)
    first.abort()
    await expect(second).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(worker.pid).toBe(pid)
    await worker.close()
  }))

test('a process that does not react to a cancellation is killed after the grace period', () =>
  withDatabase(async ({ path }) => {
    makeCategoriesEndless(path)
    const worker = readerWorker(path).warm()
    const { pid } = worker
    const cancellation = new AbortController()
    const endless = worker.run(ENDLESS, { signal: cancellation.signal, abortGraceMs: 500 })
    const startedAt = performance.now()
    cancellation.abort()
    await expect(endless).rejects.toMatchObject({ reason: 'ABORTED' })
    expect(performance.now() - startedAt).toBeGreaterThan(450)
    expect(isAlive(pid!)).toBe(false)
    await worker.run(COVERAGE)
    await worker.close()
  }))

test('the time limit counts from the last event that sets one', () =>
  withDatabase(async ({ path }) => {
    makeCategoriesEndless(path)
    const worker = readerWorker(path)
    const timeLimitMs = (event?: { type: string }) => (event?.type === 'started' ? 100 : 30_000)
    await expect(worker.run(ENDLESS, { timeLimitMs })).rejects.toMatchObject({ reason: 'TIME_LIMIT' })
    await worker.close()
  }))

test('the limits of a command do not stop the process once the command has ended', () =>
  withDatabase(async ({ path }) => {
    const worker = readerWorker(path).warm()
    const { pid } = worker
    await worker.run(COVERAGE, { timeLimitMs: event => (event ? A_WHILE_MS : undefined) })
    await sleep(2 * A_WHILE_MS)
    expect([isAlive(pid!), worker.pid]).toEqual([true, pid])
    await worker.close()
  }))

test('a process that is too large after a command is closed, and the next command starts another', () =>
  withDatabase(async ({ path }) => {
    const worker = readerWorker(path, { maxIdleBytes: 1 }).warm()
    const { pid } = worker
    expect(residentBytes(pid)).toBeGreaterThan(0)
    await worker.run(COVERAGE)
    await until(() => !isAlive(pid!), 'the process to exit')
    await worker.run(COVERAGE)
    await worker.close()
  }))

test('a process that hangs is killed when it is closed', () =>
  withDatabase(async ({ path }) => {
    const [ingesting, reading] = [ingestionWorker(path).warm(), readerWorker(path).warm()]
    const workers = [ingesting, reading]
    const pids = workers.map(({ pid }) => pid!)
    for (const pid of pids) process.kill(pid, 'SIGSTOP')
    await Promise.all(workers.map(worker => worker.close()))
    expect(pids.map(isAlive)).toEqual([false, false])
    await expect(ingesting.run(REVERT)).rejects.toMatchObject({ reason: 'ABORTED' })
  }))
