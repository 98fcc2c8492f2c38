import { existsSync } from 'node:fs'
import { mkdir, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { writeBigDrop, writeDrop } from '../support/program/drops.ts'
import { hasEnded, ingest, ingestionOf, ingestionWhen } from '../support/program/ingest.ts'
import { usePrograms } from '../support/program/programs.ts'
import { until } from '../support/until.ts'
import { isAlive } from './support/ended.ts'
import { Frozen } from './support/frozen.ts'
import { holdWriteLock } from './support/holder.ts'
import { ledgerIn } from './support/inspect.ts'
import { expectSound } from './support/sound.ts'

const programs = usePrograms()

const AT = '2024-05-01T12:00:00Z'
const WAITING = 'Waiting for another program that writes to the database.\n'
const IMPATIENT = { LOCK_WAIT_SECONDS: '1' }
const succeeded = (file: string) => expect.objectContaining({ file, status: 'SUCCEEDED', error: null })
const interrupted = (file: string) =>
  expect.objectContaining({ file, status: 'FAILED', error: 'INGESTION_INTERRUPTED' })

/** A folder with some drops of one row and a big one. */
async function folder(...drops: string[]): Promise<{ cwd: string; database: string }> {
  const cwd = await programs.folder()
  for (const [i, drop] of drops.entries())
    await writeDrop(join(cwd, 'data', drop), [{ account: i + 1, count: 5_000, at: AT }])
  await writeBigDrop(join(cwd, 'data/big.parquet'), 0)
  return { cwd, database: join(cwd, 'data/accounts.db') }
}

describe('a server', () => {
  test('refuses another one on the same file, by its name', async () => {
    const { cwd } = await folder()
    const server = await programs.serve({ cwd })
    const { exitCode, stderr } = await programs.run(['serve', '--port', '0'], { cwd })
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringMatching(/^DATABASE_BUSY: data\/accounts\.db: Another server .*\n$/),
    })
    // The lock is a file without a byte, and has no journal.
    const locks = (await readdir(join(cwd, 'data'))).filter(name => name.includes('server-lock'))
    expect(locks).toEqual(['accounts.db.server-lock'])
    await server.kill()
    // The lock went with its owner.
    await (await programs.serve({ cwd })).stop()
  })

  test('that starts beside an ingestion waits for it, says so, and does not call it interrupted', async () => {
    const { cwd, database } = await folder()
    const command = programs.start(['ingest', '--json', 'data/big.parquet'], { cwd })
    const frozen = await Frozen.in(command, database, 'big.parquet')
    const impatient = await programs.run(['serve', '--port', '0'], { cwd, env: IMPATIENT })
    expect(impatient).toEqual({
      exitCode: 1,
      stdout: WAITING,
      stderr: expect.stringMatching(/^DATABASE_BUSY: data\/accounts\.db: Another ingestion .*\n$/),
    })
    const starting = programs.serve({ cwd })
    expect(ledgerIn(database)).toEqual([expect.objectContaining({ status: 'RUNNING' })])
    frozen.thaw()
    expect(await command.exited).toEqual({ code: 0, signal: null })
    await (await starting).stop()
    expect(ledgerIn(database)).toEqual([succeeded('big.parquet')])
  })

  test('says DATABASE_BUSY when it has waited for the lock long enough, of what waited in the queue too', async () => {
    const { cwd, database } = await folder('one.parquet', 'two.parquet')
    const server = await programs.serve({ cwd, env: IMPATIENT })
    const holder = await holdWriteLock(database)
    const { ingestion } = await ingest(server, 'one.parquet', { wait: false })
    const waited = await ingest(server, 'two.parquet')
    const busy = { code: 'DATABASE_BUSY', field: null, message: expect.stringContaining('Try again') }
    expect(waited).toMatchObject({ userErrors: [busy], ingestion: { status: 'FAILED', error: busy, inserted: 0 } })
    expect(await ingestionOf(server, ingestion!.id)).toMatchObject({ status: 'FAILED', error: busy })
    expect(ledgerIn(database)).toEqual([])
    await holder.release()
    for (const file of ['one.parquet', 'two.parquet'])
      expect(await ingest(server, file)).toMatchObject({ userErrors: [], ingestion: { inserted: 1 } })
  })
})

describe('a command', () => {
  test('beside a server that ingests waits for it, and says so', async () => {
    const { cwd, database } = await folder('one.parquet')
    const server = await programs.serve({ cwd })
    const answer = ingest(server, 'big.parquet')
    const frozen = await Frozen.in(server.process, database, 'big.parquet')
    const impatient = await programs.run(['ingest', 'data/one.parquet'], { cwd, env: IMPATIENT })
    expect(impatient).toMatchObject({ exitCode: 1, stdout: '' })
    expect(impatient.stderr).toMatch(
      new RegExp(`^${WAITING}DATABASE_BUSY: data/accounts\\.db: Another ingestion .*\n$`),
    )
    const patient = programs.run(['ingest', 'data/one.parquet'], { cwd })
    frozen.thaw()
    expect(await answer).toMatchObject({ userErrors: [], ingestion: { status: 'SUCCEEDED' } })
    expect(await patient).toMatchObject({ exitCode: 0 })
    expect(ledgerIn(database)).toEqual([succeeded('big.parquet'), succeeded('one.parquet')])
    expectSound(database)
  })

  test('that exits leaves its ledger entry to the next writer', async () => {
    const { cwd, database } = await folder('one.parquet')
    const server = await programs.serve({ cwd })
    const command = programs.start(['ingest', 'data/big.parquet'], { cwd })
    const frozen = await Frozen.in(command, database, 'big.parquet')
    command.kill('SIGKILL')
    frozen.kill()
    await until(() => !isAlive(frozen.pid), 'the killed process to be gone')
    expect(ledgerIn(database)).toMatchObject([{ status: 'RUNNING' }])
    expect(await ingest(server, 'one.parquet')).toMatchObject({ ingestion: { status: 'SUCCEEDED' } })
    expect(ledgerIn(database)).toEqual([interrupted('big.parquet'), succeeded('one.parquet')])
    expectSound(database)
  })

  test('that is stopped while it waits does not call the ingestion of another cancelled', async () => {
    const { cwd, database } = await folder('one.parquet')
    await mkdir(join(cwd, 'arrivals'))
    await programs.run(['ingest', 'data/one.parquet'], { cwd })
    const watching = programs.start(['ingest', '--watch', 'arrivals'], { cwd })
    const command = programs.start(['ingest', 'data/big.parquet'], { cwd })
    const frozen = await Frozen.in(command, database, 'big.parquet')
    await writeDrop(join(cwd, 'new'), [{ account: 2, count: 5_000, at: AT }])
    await rename(join(cwd, 'new'), join(cwd, 'arrivals/new.parquet'))
    await until(() => watching.stderr.includes(WAITING), 'the watching command to wait')
    watching.kill('SIGINT')
    command.kill('SIGKILL')
    frozen.kill()
    await watching.exited
    expect(ledgerIn(database)[1]).not.toMatchObject({ status: 'CANCELLED' })
  })
})

describe('a database that is not there yet', () => {
  test('is made by one program at a time', async () => {
    const { cwd, database } = await folder('one.parquet', 'two.parquet')
    const holder = await holdWriteLock(database)
    const starting = programs.start(['ingest', 'data/one.parquet'], { cwd })
    await until(() => starting.stderr === WAITING, 'the command to wait')
    expect(existsSync(database)).toBe(false)
    const second = programs.run(['ingest', 'data/two.parquet'], { cwd })
    await holder.release()
    expect(await starting.exited).toEqual({ code: 0, signal: null })
    expect(await second).toMatchObject({ exitCode: 0 })
    expect(ledgerIn(database)).toHaveLength(2)
    expectSound(database)
  })
})

describe('the same bytes at the same time', () => {
  test('are taken by one program, and known to the other', async () => {
    const { cwd, database } = await folder()
    const server = await programs.serve({ cwd })
    const command = programs.start(['ingest', '--json', 'data/big.parquet'], { cwd })
    const frozen = await Frozen.in(command, database, 'big.parquet')
    const { ingestion: queued } = await ingest(server, 'big.parquet', { wait: false })
    const answer = ingest(server, 'big.parquet')
    await until(() => server.process.stdout.includes(WAITING), 'the server to wait')
    frozen.thaw()
    expect(await answer).toMatchObject({ alreadyIngested: true, userErrors: [], ingestion: { status: 'SUCCEEDED' } })
    expect(await command.exited).toEqual({ code: 0, signal: null })
    await ingestionWhen(server, queued!.id, hasEnded)
    expect(ledgerIn(database)).toEqual([succeeded('big.parquet')])
    expect(await ingest(server, 'big.parquet')).toMatchObject({ alreadyIngested: true, userErrors: [] })
    expectSound(database)
  })
})
