import { existsSync, readdirSync } from 'node:fs'
import { rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { writeBigDrop, writeDrop } from '../support/program/drops.ts'
import { request } from '../support/program/http.ts'
import { ingest } from '../support/program/ingest.ts'
import type { ProgramProcess } from '../support/program/process.ts'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'
import { until } from '../support/until.ts'
import { Frozen } from './support/frozen.ts'
import { holdWriteLock } from './support/holder.ts'
import { ledgerIn, measurementsIn } from './support/inspect.ts'

const programs = usePrograms()
let cwd: string
let database: string

beforeEach(async () => {
  cwd = await programs.folder()
  database = join(cwd, 'data/accounts.db')
})

const CANCELLED = { ingestion: { status: 'CANCELLED', inserted: 0 }, userErrors: [{ code: 'INGESTION_CANCELLED' }] }

/** A server that received SIGTERM in the middle of a file, and whose ingestion process is frozen. */
async function stoppedInTheMiddle(env: Record<string, string> = {}) {
  await writeBigDrop(join(cwd, 'data/big.parquet'), 0)
  const server = await programs.serve({ cwd, env })
  const answer = ingest(server, 'big.parquet')
  const frozen = await Frozen.in(server.process, database, 'big.parquet')
  return { server, answer, frozen }
}

async function saysSoon(program: ProgramProcess, words: string): Promise<void> {
  await until(() => program.stdout.includes(words), `"${words}" in ${program.stdout}`)
}

async function expectEndedWell(program: ProgramProcess): Promise<void> {
  expect(await program.exited).toEqual({ code: 0, signal: null })
  expect(program.stderr).toBe('')
  const left = readdirSync(join(cwd, 'data')).filter(name => !/\.parquet$|-lock(-journal)?$/.test(name))
  expect(left.filter(name => name !== '.incoming')).toEqual(['accounts.db'])
}

describe('a server that receives SIGTERM while it ingests', () => {
  test('refuses what is new, leaves out what waits, and lets the rest end', async () => {
    await writeDrop(join(cwd, 'data/next.parquet'), [{ account: 1, count: 5_000, at: '2024-05-01T12:00:00Z' }])
    const { server, answer, frozen } = await stoppedInTheMiddle()
    const waiting = await ingest(server, 'next.parquet', { wait: false })
    expect(waiting).toMatchObject({ ingestion: { status: 'QUEUED' } })
    const alsoWaiting = ingest(server, 'next.parquet')
    await sleep(1_000)
    server.process.kill('SIGTERM')
    await saysSoon(server.process, 'Waiting up to 30 s for the ingestion of big.parquet.')
    const refused = await request(server, { path: '/graphql?query={__typename}' })
    expect(refused).toMatchObject({ status: 503, headers: { connection: 'close', 'retry-after': '10' } })
    expect(JSON.parse(refused.body)).toMatchObject({ errors: [{ extensions: { code: 'SERVER_STOPPING' } }] })
    expect(await request(server, { path: '/healthz' })).toMatchObject({ status: 200 })
    const unready = await request(server, { path: '/readyz' })
    expect([unready.status, JSON.parse(unready.body)]).toMatchObject([
      503,
      { checks: { database: 'ok', stopping: 'The server is shutting down.' } },
    ])
    expect(await alsoWaiting).toMatchObject({
      ...CANCELLED,
      userErrors: [{ message: expect.stringContaining('server is stopping') }],
    })
    frozen.thaw()
    expect(await answer).toMatchObject({ userErrors: [], ingestion: { status: 'SUCCEEDED' } })
    await expectEndedWell(server.process)
    expect(ledgerIn(database)).toMatchObject([{ file: 'big.parquet', status: 'SUCCEEDED' }])
  })

  test('cancels what takes longer than the grace', async () => {
    const { server, answer, frozen } = await stoppedInTheMiddle({ SHUTDOWN_GRACE_SECONDS: '1' })
    server.process.kill('SIGTERM')
    await saysSoon(server.process, 'Waiting up to 1 s for the ingestion of big.parquet.')
    await saysSoon(server.process, 'Cancelling the ingestion of big.parquet. The database is not changed.')
    frozen.thaw()
    await expectCancelled(server, answer)
  })

  test('cancels it at once on the second signal, but not when npm passes the same Ctrl-C on', async () => {
    const { server, answer, frozen } = await stoppedInTheMiddle()
    server.process.kill('SIGINT')
    await sleep(50)
    server.process.kill('SIGINT')
    await sleep(700)
    expect(server.process.stdout).not.toContain('Cancelling')
    server.process.kill('SIGINT')
    await saysSoon(server.process, 'Cancelling')
    frozen.thaw()
    await expectCancelled(server, answer)
  })

  async function expectCancelled(server: TestServer, answer: ReturnType<typeof ingest>): Promise<void> {
    expect(await answer).toMatchObject(CANCELLED)
    await expectEndedWell(server.process)
    expect(ledgerIn(database)).toMatchObject([{ status: 'CANCELLED', inserted: 0 }])
    expect(measurementsIn(database)).toBe(0)
  }

  test('does so when the whole process group is signalled, as systemd does', async () => {
    const { server, answer, frozen } = await stoppedInTheMiddle()
    server.process.kill('SIGTERM')
    process.kill(frozen.pid, 'SIGTERM')
    frozen.thaw()
    expect(await answer).toMatchObject({ ingestion: { status: 'SUCCEEDED' } })
    await expectEndedWell(server.process)
  })
})

test('a command that npm passes the same Ctrl-C on to cancels what it ingests, and says so', async () => {
  await writeBigDrop(join(cwd, 'data/big.parquet'), 0)
  const program = programs.start(['ingest', 'data/big.parquet'], { cwd })
  const frozen = await Frozen.in(program, database, 'big.parquet')
  program.kill('SIGINT')
  await sleep(50)
  program.kill('SIGINT')
  await sleep(50)
  frozen.thaw()
  expect(await program.exited).toEqual({ code: 1, signal: null })
  await program.drained()
  expect(program.stderr).toContain('data/big.parquet: INGESTION_CANCELLED: ')
  expect(ledgerIn(database)).toMatchObject([{ status: 'CANCELLED', inserted: 0 }])
})

describe('a start', () => {
  test('announces that it waits for the sample data, and cancels it on the second signal', async () => {
    await writeBigDrop(join(cwd, 'data/sample_accounts.parquet'), 0)
    const program = programs.start(['serve', '--port', '0'], { cwd })
    const frozen = await Frozen.in(program, database, 'sample_accounts.parquet')
    program.kill('SIGINT')
    await saysSoon(program, 'Waiting up to 30 s for the ingestion of sample_accounts.parquet. Press Ctrl-C again')
    await sleep(500)
    program.kill('SIGINT')
    await saysSoon(program, 'Cancelling the ingestion of sample_accounts.parquet')
    frozen.thaw()
    await expectEndedWell(program)
    expect(program.stdout).not.toContain('Listening')
    expect(measurementsIn(database)).toBe(0)
  })

  test('that is stopped while it waits for another program ends at once', async () => {
    await programs.serve({ cwd }).then(server => server.stop())
    const holder = await holdWriteLock(database)
    try {
      const program = programs.start(['serve', '--port', '0'], { cwd })
      await saysSoon(program, 'Waiting for another program')
      program.kill('SIGINT')
      await expectEndedWell(program)
    } finally {
      await holder.release()
    }
  })

  test('reports damaged sample data and serves without it', async () => {
    await writeBigDrop(join(cwd, 'data/sample_accounts.parquet'), 0)
    await truncate(join(cwd, 'data/sample_accounts.parquet'), 100_000)
    const server = await programs.serve({ cwd })
    expect(server.process.stderr).toMatch(
      /^The sample data could not be loaded, so the database is empty\. CORRUPT_PARQUET: .*\n$/,
    )
    expect(await server.ask('{ dataset { measurementCount } }')).toEqual({ dataset: { measurementCount: 0 } })
    await server.stop()
  })

  test('without a data directory says so and serves', async () => {
    await rm(join(cwd, 'data'), { recursive: true })
    const server = await programs.serve({ cwd, env: { DATABASE_URL: 'file:a.db', DATA_DIR: 'drops' } })
    expect(server.process.stdout).toContain('The data directory drops does not exist: create it, or set DATA_DIR')
    expect(existsSync(join(cwd, 'drops'))).toBe(false)
    await server.stop()
  })
})
