import { existsSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Connection } from '../../src/storage/sqlite/connection/connection.ts'
import { Database } from '../../src/storage/sqlite/connection/driver.ts'
import { Frozen } from '../faults/support/frozen.ts'
import { BIG_ROWS, LONG_ROWS, writeBigDrop, writeDrop } from '../support/program/drops.ts'
import { hasEnded, type IngestPayload, ingest, ingestionOf, ledgerOf, stateOf } from '../support/program/ingest.ts'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'

const programs = usePrograms()
let cwd: string
let data: string
let server: TestServer

const AT = '2024-05-01T12:00:00Z'

beforeAll(async () => {
  cwd = await programs.folder()
  data = join(cwd, 'data')
  await writeDrop(join(data, 'first.parquet'), [{ account: 1, count: 5_000, at: AT, categories: 'Gaming' }])
  await writeDrop(join(data, 'next.parquet'), [{ account: 2, count: 6_000, at: AT, categories: 'Podcast' }])
  await writeBigDrop(join(data, 'big.parquet'), 0)
  server = await programs.serve({ cwd })
  await ingest(server, 'first.parquet')
})

/** Whether the database file by itself, without its log, is sound; a copy, so that nothing is changed by looking. */
async function integrityOfCopy(): Promise<unknown> {
  const copy = join(cwd, 'copy.db')
  await copyFile(join(data, 'accounts.db'), copy)
  return inspect(copy, database => database.pragma('integrity_check', { simple: true }))
}

function inspect<Found>(path: string, look: (database: Connection) => Found): Found {
  const database = new Database(path, { readonly: true })
  try {
    return look(database)
  } finally {
    database.close()
  }
}

const INTERRUPTED = {
  code: 'INGESTION_INTERRUPTED',
  field: null,
  message: expect.stringContaining('send the file again'),
}
const NOTHING = { inserted: 0, corrected: 0, unchanged: 0, rejected: 0, accountsCreated: 0, firstMeasuredAt: null }

describe('an ingestion process that is killed half-way', () => {
  test('leaves a failed line in the ledger and nothing else, and the next file is taken', async () => {
    const before = await stateOf(server)
    const waiting = ingest(server, 'big.parquet')
    const { ingestion: queued } = await ingest(server, 'big.parquet', { wait: false })
    const frozen = await Frozen.in(server.process, join(data, 'accounts.db'), 'big.parquet')
    frozen.kill()
    const { ingestion, userErrors, alreadyIngested } = await waiting
    expect(alreadyIngested).toBe(false)
    expect(userErrors).toEqual([INTERRUPTED])
    expect(ingestion).toMatchObject({ id: queued!.id, status: 'FAILED', error: INTERRUPTED, ...NOTHING })
    expect((await ledgerOf(server))[0]).toEqual(ingestion)
    expect(await stateOf(server)).toEqual(before)
    expect(await ingest(server, 'next.parquet')).toMatchObject({ ingestion: { status: 'SUCCEEDED', inserted: 1 } })
  })

  test('is replaced when it had nothing to do, too', async () => {
    process.kill(server.ingestionPid(), 'SIGKILL')
    await writeDrop(join(data, 'after.parquet'), [{ account: 3, count: 7_000, at: AT }])
    const { ingestion, userErrors } = await ingest(server, 'after.parquet')
    // When the request is quicker than the news of the death, it fails; it never hangs, and the one after is taken.
    if (userErrors.length > 0) expect(userErrors).toEqual([INTERRUPTED])
    else expect(ingestion).toMatchObject({ status: 'SUCCEEDED' })
    await writeDrop(join(data, 'later.parquet'), [{ account: 4, count: 7_000, at: AT }])
    expect(await ingest(server, 'later.parquet')).toMatchObject({ ingestion: { status: 'SUCCEEDED' } })
  })
})

describe('a server that is killed half-way', () => {
  test('finds at its next start what was interrupted, and a sound database', async () => {
    const [before, ledger] = [await stateOf(server), await ledgerOf(server)]
    const { ingestion } = await ingest(server, 'big.parquet', { wait: false })
    const frozen = await Frozen.in(server.process, join(data, 'accounts.db'), 'big.parquet')
    await server.kill()
    frozen.thaw()
    server = await programs.serve({ cwd })
    const [interrupted, ...rest] = await ledgerOf(server)
    expect(interrupted).toMatchObject({ id: ingestion!.id, status: 'FAILED', error: INTERRUPTED, ...NOTHING })
    expect(rest).toEqual(ledger)
    expect(await stateOf(server)).toEqual(before)
    const integrity = inspect(join(data, 'accounts.db'), database =>
      database.pragma('integrity_check', { simple: true }),
    )
    expect(integrity).toBe('ok')
    expect(await ingest(server, 'big.parquet')).toMatchObject({
      alreadyIngested: false,
      ingestion: { status: 'SUCCEEDED', inserted: BIG_ROWS },
    })
  })
})

describe('between ingestions', () => {
  test('a plain copy of the file is whole, though the server runs', async () => {
    expect(await integrityOfCopy()).toBe('ok')
    const count = inspect(join(cwd, 'copy.db'), database =>
      database.prepare('SELECT count(*) FROM measurement').pluck().get(),
    )
    const { dataset } = await server.ask<{ dataset: object }>('{ dataset { measurementCount } }')
    expect(dataset).toEqual({ measurementCount: count })
  })
})

describe('a server that receives SIGTERM', () => {
  test('finishes what it has begun, answers it, and leaves one whole file', async () => {
    await writeBigDrop(join(data, 'last.parquet'), 1, LONG_ROWS)
    let waiting: Promise<IngestPayload> | undefined
    const frozen = await Frozen.halfWay(server, async () => {
      waiting = ingest(server, 'last.parquet')
      const { ingestion } = await ingest(server, 'last.parquet', { wait: false })
      return ingestion!.id
    })
    const stopping = server.stop()
    frozen.thaw()
    expect(await waiting).toMatchObject({ ingestion: { status: 'SUCCEEDED', rowsRead: LONG_ROWS } })
    await stopping
    expect(server.process.stdout).toMatch(/\nStopping\.\n(Waiting up to 30 s for the ingestion of \S+\. .*\n)?$/)
    for (const suffix of ['-wal', '-shm', '-journal'])
      expect(existsSync(join(data, `accounts.db${suffix}`))).toBe(false)
    expect(await integrityOfCopy()).toBe('ok')
    const rows = inspect(join(cwd, 'copy.db'), database =>
      database.prepare(`SELECT status, count(*) AS count FROM ingestion GROUP BY status ORDER BY status`).all(),
    )
    expect(rows).toMatchObject([{ status: 'FAILED' }, { status: 'SUCCEEDED' }])
  })

  test('has the same data when it starts again', async () => {
    server = await programs.serve({ cwd })
    const [newest] = await ledgerOf(server)
    expect(newest).toMatchObject({ fileName: 'last.parquet', status: 'SUCCEEDED' })
    expect(hasEnded((await ingestionOf(server, newest!.id))!)).toBe(true)
    expect(await ingest(server, 'last.parquet')).toMatchObject({ alreadyIngested: true, ingestion: newest })
  })
})
