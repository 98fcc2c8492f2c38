/** A process is used for one command after the other: what was meant for one must not end the next. */

import { acquireLock } from '../../src/storage/sqlite/files/lock.ts'
import { Guard } from '../../src/workers/guard.ts'
import { ReadGuard } from '../../src/workers/read-guard.ts'
import { isAlive } from '../faults/support/ended.ts'
import { withDatabase } from '../proof/support/database.ts'
import { startIngestionProcess, startReaderProcess } from './support/processes.ts'

const LOOK_EVERY_MS = 100

test('a cancellation that comes when its command has ended ends nothing', () =>
  withDatabase(async ({ path }) => {
    const lock = await acquireLock(path, 'write', 0)
    const ingesting = startIngestionProcess(path, 300)
    const news: string[] = []
    const command = { type: 'revert', id: 'none' } as const
    const busy = await ingesting.run(command, ({ type }) => news.push(type))
    expect([news, busy]).toMatchObject([['waiting'], { type: 'failed', error: { code: 'DATABASE_BUSY' } }])
    lock.release()
    ingesting.cancel()
    expect(await ingesting.run(command, () => {})).toMatchObject({ type: 'failed', error: { code: 'NOT_FOUND' } })
    await ingesting.close()
  }))

test('a process that hangs is not waited for when it is closed', () =>
  withDatabase(async ({ path }) => {
    const processes = [startIngestionProcess(path, 0), startReaderProcess(path)]
    for (const { pid } of processes) process.kill(pid!, 'SIGSTOP')
    await Promise.all(processes.map(hanging => hanging.close()))
    expect(processes.map(({ pid }) => isAlive(pid!))).toEqual([false, false])
  }))

/** The guard looks at the process, and is told before it has seen anything that the command has ended. */
async function stopDuringLook(guard: { stop(): void }): Promise<void> {
  const stopped = new Promise<void>(resolve => {
    setTimeout(() => {
      guard.stop()
      resolve()
    }, LOOK_EVERY_MS)
  })
  // Then both timers are due in one turn, that of the guard first.
  for (const end = performance.now() + 2 * LOOK_EVERY_MS; performance.now() < end; );
  await stopped
  await new Promise(resolve => setTimeout(resolve, LOOK_EVERY_MS))
}

test('a look at its memory that ends after the command kills nothing', () =>
  withDatabase(async ({ path }) => {
    const limits = {
      maxHeapBytes: 1,
      maxResidentBytes: 1,
      baseSeconds: 60,
      slowestRowsPerSecond: 1,
      slowestBytesPerSecond: 1,
    }
    const ingesting = startIngestionProcess(path, 0)
    const guard = new Guard(ingesting, limits, 'ingest', 0)
    await stopDuringLook(guard)
    expect([guard.breach, isAlive(ingesting.pid!)]).toEqual([undefined, true])
    const reading = startReaderProcess(path)
    const readLimits = { timeoutMs: 60_000, timeoutSetting: 'T', maxMemoryBytes: 1, memorySetting: 'M' }
    const readGuard = new ReadGuard(reading, readLimits)
    await stopDuringLook(readGuard)
    expect([readGuard.breach, isAlive(reading.pid!)]).toEqual([undefined, true])
    await Promise.all([ingesting.close(), reading.close()])
  }))
