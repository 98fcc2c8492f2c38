/** A week of use, played through with real programs: whatever happens to them, the numbers at its end are the oracle's. */
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Frozen } from '../faults/support/frozen.ts'
import { ledgerIn } from '../faults/support/inspect.ts'
import { expectSound } from '../faults/support/sound.ts'
import { expectFiguresFrom } from '../proof/support/graphql-answers.ts'
import { graphqlPages } from '../proof/support/graphql-pages.ts'
import { OTHER_QUESTIONS, THREE_QUESTIONS } from '../proof/support/questions.ts'
import { expectSame } from '../proof/support/same.ts'
import { forward } from '../proof/support/walks.ts'
import { restore } from '../support/database/dump.ts'
import { NaiveStore } from '../support/oracle/naive.ts'
import { writeBigDrop, writeDrop } from '../support/program/drops.ts'
import { INGEST, type IngestPayload } from '../support/program/ingest.ts'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'
import { Client, startLoad } from './support/client.ts'
import { bigDrop, dropOf, rawRows, recallFirstDatabase } from './support/drops.ts'

const NOW = Date.now()
/** What a command ends with that has set rows aside: there is one in every drop. */
const SOME_REJECTED = 3
const FIRST_DATABASE = new URL('../fixtures/databases/0000_tables.sql', import.meta.url)

const programs = usePrograms()
const naive = new NaiveStore()
let cwd: string
let database: string
let server: TestServer
let entries: string
let reader: Client
let cron: Client
let operator: Client

async function start(): Promise<void> {
  server = await programs.serve({ cwd, env: { ACCESS_TOKENS: entries, REQUESTS_PER_MINUTE: 'unlimited' } })
}

async function newToken(role: string): Promise<readonly [token: string, entry: string]> {
  const { stdout } = await programs.run(['token', '--role', role, '--name', `${role}-of-the-week`], { cwd })
  return [/agt_\S+/.exec(stdout)![0], new RegExp(`${role}-of-the-week:${role}:\\S+`).exec(stdout)![0]]
}

async function dropFor(day: number, folder: string): Promise<string> {
  const name = `day-${day}.parquet`
  await writeDrop(join(cwd, folder, name), dropOf(day))
  return name
}

function known(day: number): void {
  naive.ingest(rawRows(dropOf(day)), { id: `day-${day}.parquet`, now: NOW })
}

async function succeeded(file: string): Promise<void> {
  for (let waited = 0; ; waited += 50) {
    if (ledgerIn(database).some(line => line.file === file && line.status === 'SUCCEEDED')) return
    if (waited > 30_000) throw new Error(`${file} has not been ingested: ${JSON.stringify(ledgerIn(database))}`)
    await sleep(50)
  }
}

/** That every answer is the oracle's. */
async function expectAnswers(lists = THREE_QUESTIONS): Promise<void> {
  const ask = reader.ask.bind(reader)
  await expectFiguresFrom(ask, naive)
  for (const list of lists)
    expectSame(await forward(graphqlPages(ask), list, [100]), naive.accounts(list.filter, list.order, list.kind))
}

beforeAll(async () => {
  cwd = await programs.folder()
  database = join(cwd, 'data/accounts.db')
  await mkdir(join(cwd, 'arrivals'))
})

test('Monday: the database of the first version is upgraded, and the doors are locked', async () => {
  restore(readFileSync(FIRST_DATABASE, 'utf8'), database)
  recallFirstDatabase(naive, NOW)
  const open = await programs.run(['serve', '--port', '0'], { cwd, env: { HOST: '0.0.0.0' } })
  expect(open).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('ACCESS_TOKENS') })

  const made = [await newToken('read'), await newToken('ingest'), await newToken('admin')]
  entries = made.map(([, entry]) => entry).join(',')
  const [read, ingest, admin] = made.map(([token]) => new Client(() => server, token))
  ;[reader, cron, operator] = [read!, ingest!, admin!]
  await start()
  expect(server.process.stdout).toContain('was upgraded')
  // The very first tables came without the line of totals.
  expect(await programs.run(['check', 'data/accounts.db'], { cwd })).toMatchObject({ exitCode: 1 })
  expect(await programs.run(['check', '--repair', 'data/accounts.db'], { cwd })).toMatchObject({ exitCode: 0 })

  const anonymous = new Client(() => server, null)
  expect(await anonymous.send('{ dataset { asOf } }')).toMatchObject({ status: 401 })
  expect(await reader.send(INGEST, { input: { file: 'day-1.parquet' } })).toMatchObject({ status: 403 })
  expect((await reader.fetch('/snapshot.db')).status).toBe(403)
  await expectAnswers()
})

test('Tuesday: drops arrive in the watched folder while everybody asks', async () => {
  const load = startLoad(reader)
  const watching = programs.start(['ingest', '--watch', 'arrivals'], { cwd })
  await mkdir(join(cwd, 'being-written'))
  for (const day of [1, 2]) {
    const name = await dropFor(day, 'being-written')
    await rename(join(cwd, 'being-written', name), join(cwd, 'arrivals', name))
    await succeeded(name)
    known(day)
  }
  watching.kill('SIGINT')
  await watching.exited
  expect(await load.stop()).toBeGreaterThan(10)
  await expectAnswers()
})

test('Wednesday: a file is sent over HTTP, and the database copied while a large one comes in', async () => {
  const load = startLoad(reader)
  const body = readFileSync(join(cwd, 'being-written', '..', 'data', await dropFor(3, 'data')))
  const sent = await cron.fetch('/ingest?name=day-3.parquet', { method: 'POST', body })
  expect(await sent.json()).toMatchObject({ userErrors: [], ingestion: { status: 'SUCCEEDED', rejected: 1 } })
  known(3)

  await writeBigDrop(join(cwd, 'data/big.parquet'), 0)
  const ingesting = cron.ask<{ ingestAccounts: IngestPayload }>(INGEST, { input: { file: 'big.parquet' } })
  const before = naive.dataset().measurementCount
  const copy = await operator.fetch('/snapshot.db')
  writeFileSync(join(cwd, 'wednesday.db'), Buffer.from(await copy.arrayBuffer()))
  expect((await ingesting).ingestAccounts).toMatchObject({ userErrors: [], ingestion: { status: 'SUCCEEDED' } })
  naive.ingest(bigDrop(), { id: 'big.parquet', now: NOW })
  // The whole file is in the copy, or nothing of it.
  expect([before, naive.dataset().measurementCount]).toContain(Number(copy.headers.get('x-measurement-count')))
  expect(await programs.run(['check', 'wednesday.db'], { cwd })).toMatchObject({ exitCode: 0 })
  await load.stop()
  await expectAnswers()
})

test('Thursday: the server is killed in the middle of a file', async () => {
  await writeBigDrop(join(cwd, 'data/again.parquet'), 1)
  const cut = cron.send(INGEST, { input: { file: 'again.parquet' } }).catch(() => 'cut off')
  const frozen = await Frozen.in(server.process, database, 'again.parquet')
  await server.kill()
  frozen.kill()
  expect(await cut).toBe('cut off')
  await start()
  expect(ledgerIn(database).at(-1)).toMatchObject({ file: 'again.parquet', error: 'INGESTION_INTERRUPTED' })
  await expectAnswers()
  const { ingestAccounts } = await cron.ask<{ ingestAccounts: IngestPayload }>(INGEST, {
    input: { file: 'again.parquet' },
  })
  // The rows were there already, in another file.
  expect(ingestAccounts.ingestion).toMatchObject({ status: 'SUCCEEDED', inserted: 0 })
  naive.ingest(bigDrop(), { id: 'again.parquet', now: NOW })
})

test('Friday: a snapshot, another drop, and then the disk fails', async () => {
  await dropFor(4, 'data')
  expect(await programs.run(['ingest', 'data/day-4.parquet'], { cwd })).toMatchObject({ exitCode: SOME_REJECTED })
  known(4)
  expect(await programs.run(['snapshot', 'friday.db'], { cwd })).toMatchObject({ exitCode: 0 })
  await dropFor(5, 'data')
  expect(await programs.run(['ingest', 'data/day-5.parquet'], { cwd })).toMatchObject({ exitCode: SOME_REJECTED })
  await server.stop()

  const bytes = readFileSync(database)
  bytes.fill(0xa5, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 40_000)
  writeFileSync(database, bytes)
  expect(await programs.run(['check', 'data/accounts.db'], { cwd })).toMatchObject({ exitCode: 1 })
})

test('Saturday: the snapshot is put in its place, and all drops are sent again', async () => {
  for (const ending of ['', '-wal', '-shm']) rmSync(`${database}${ending}`, { force: true })
  copyFileSync(join(cwd, 'friday.db'), database)
  await start()
  await expectAnswers()
  const { stdout, exitCode } = await programs.run(['ingest', '--json', 'data/day-*.parquet'], { cwd })
  expect(exitCode).toBe(SOME_REJECTED)
  const results = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as IngestPayload)
  expect(results.map(({ alreadyIngested }) => alreadyIngested)).toEqual([true, true, false])
  known(5)
  await expectAnswers()
})

test('Sunday: what is left is one whole file, and the numbers are right', async () => {
  const health = await new Client(() => server, null).fetch('/readyz')
  expect(health.status).toBe(200)
  expect(await (await operator.fetch('/metrics')).text()).toMatch(/^\w+ [1-9]/m)
  await expectAnswers([...THREE_QUESTIONS, ...OTHER_QUESTIONS])
  await server.stop()
  copyFileSync(database, join(cwd, 'sunday.db'))
  expect(await programs.run(['check', 'sunday.db'], { cwd })).toMatchObject({ exitCode: 0 })
  expectSound(join(cwd, 'sunday.db'))
})
