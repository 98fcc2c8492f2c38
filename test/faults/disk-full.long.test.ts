import { existsSync, statSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BIG_ROWS, writeBigDrop, writeDrop } from '../support/program/drops.ts'
import { ingest, ingestionOf, stateOf } from '../support/program/ingest.ts'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'
import { SmallDisk } from './support/disk.ts'
import { Frozen } from './support/frozen.ts'
import { ledgerIn, measurementsIn } from './support/inspect.ts'
import { expectSound } from './support/sound.ts'

const canMount = SmallDisk.canBeMade()
if (!canMount) console.warn('no disk can be mounted here: what happens when it is full is not tried')

const programs = usePrograms()
const disks: SmallDisk[] = []
afterAll(() => {
  for (const disk of disks) disk.remove()
})

const FULL = { code: 'DATABASE_FULL', field: null, message: expect.stringContaining('Free some space') }
const NOTHING = { inserted: 0, corrected: 0, unchanged: 0, rejected: 0, accountsCreated: 0, firstMeasuredAt: null }

interface Served {
  readonly server: TestServer
  readonly disk: SmallDisk
  readonly cwd: string
  readonly env: { readonly DATABASE_URL: string }
  readonly database: string
}

/** A server whose database lies on a disk of its own. The big drop takes 7 MB, twice while its log is emptied. */
async function onDisk(megabytes: number): Promise<Served> {
  const cwd = await programs.folder()
  const disk = new SmallDisk(megabytes)
  disks.push(disk)
  const database = join(disk.path, 'accounts.db')
  const env = { DATABASE_URL: `file:${database}` }
  await writeBigDrop(join(cwd, 'data/big.parquet'), 0)
  for (const [i, file] of ['first', 'next'].entries()) {
    await writeDrop(join(cwd, `data/${file}.parquet`), [{ account: i, count: 5_000, at: '2024-05-01T12:00:00Z' }])
  }
  const server = await programs.serve({ cwd, env })
  expect(await ingest(server, 'first.parquet')).toMatchObject({ userErrors: [] })
  return { server, disk, cwd, env, database }
}

;(canMount ? describe : describe.skip)('a disk that is full (skipped where none can be mounted)', () => {
  test('refuses the file, changes nothing, and takes it when there is space', async () => {
    const { server, disk, database } = await onDisk(6)
    const before = await stateOf(server)
    const { ingestion, userErrors } = await ingest(server, 'big.parquet')
    expect(userErrors).toEqual([FULL])
    expect(ingestion).toMatchObject({ status: 'FAILED', error: FULL, ...NOTHING })
    expect(await ingestionOf(server, ingestion!.id)).toEqual(ingestion)
    expect(await stateOf(server)).toEqual(before)
    // What the attempt took is given back at once.
    expect(statSync(`${database}-wal`).size).toBe(0)
    expect(await ingest(server, 'next.parquet')).toMatchObject({ userErrors: [], ingestion: { inserted: 1 } })
    disk.resize(200)
    expect(await ingest(server, 'big.parquet')).toMatchObject({ userErrors: [], ingestion: { inserted: BIG_ROWS } })
    expect(ledgerIn(database).map(({ error }) => error)).toEqual([null, 'DATABASE_FULL', null, null])
    expectSound(database)
  })

  test('to the last byte refuses too: the ledger is written when there is space again', async () => {
    const { server, disk, database } = await onDisk(40)
    const before = await stateOf(server)
    const answer = ingest(server, 'big.parquet')
    const frozen = await Frozen.in(server.process, database, 'big.parquet')
    disk.fill()
    frozen.thaw()
    const { ingestion, userErrors } = await answer
    expect(userErrors).toEqual([FULL])
    expect(ingestion).toMatchObject({ status: 'FAILED', error: FULL, ...NOTHING })
    expect(ledgerIn(database)[1]).toMatchObject({ status: 'RUNNING' })
    expect(await stateOf(server)).toEqual(before)
    for (const bytesLeft of [0, 4096]) {
      // Not even a line of the ledger can be begun; with a little more the lock can be taken.
      disk.fill(bytesLeft)
      expect(await ingest(server, 'next.parquet')).toMatchObject({
        userErrors: [FULL],
        ingestion: { status: 'FAILED' },
      })
    }
    disk.free()
    expect(await ingest(server, 'next.parquet')).toMatchObject({ userErrors: [], ingestion: { inserted: 1 } })
    expect(ledgerIn(database)[1]).toMatchObject({ status: 'FAILED', error: 'INGESTION_INTERRUPTED', inserted: 0 })
    expectSound(database)
  })

  test('while the log is put into the file undoes nothing', async () => {
    const { server, disk, cwd, env, database } = await onDisk(11)
    expect(await ingest(server, 'big.parquet')).toMatchObject({ userErrors: [], ingestion: { inserted: BIG_ROWS } })
    expect(statSync(`${database}-wal`).size).toBeGreaterThan(0)
    await server.stop()
    expect(statSync(`${database}-wal`).size).toBeGreaterThan(0)
    disk.resize(200)
    expect(await programs.run(['ingest', 'data/next.parquet'], { cwd, env })).toMatchObject({ exitCode: 0 })
    expect(existsSync(`${database}-wal`)).toBe(false)
    await copyFile(database, join(cwd, 'copy.db'))
    expect(measurementsIn(join(cwd, 'copy.db'))).toBe(BIG_ROWS + 2)
    expectSound(database)
  })
})
