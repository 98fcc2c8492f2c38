import { copyFile, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDrop } from '../support/program/drops.ts'
import { ingest, ingestionOf, stateOf } from '../support/program/ingest.ts'
import { usePrograms } from '../support/program/programs.ts'
import { canMakeReadOnly, makeReadOnly, makeWritable } from './support/immutable.ts'
import { ledgerIn } from './support/inspect.ts'
import { expectSound } from './support/sound.ts'

const canBeTried = canMakeReadOnly()
if (!canBeTried) console.warn('nothing can be made read-only for this user: what happens then is not tried')

const programs = usePrograms()
let cwd: string
let database: string

beforeAll(async () => {
  cwd = await programs.folder()
  await mkdir(join(cwd, 'place'))
  database = join(cwd, 'place/accounts.db')
  for (const [i, name] of ['first', 'second'].entries())
    await writeDrop(join(cwd, `data/${name}.parquet`), [{ account: i, count: 5_000, at: '2024-05-01T12:00:00Z' }])
})

const env = { DATABASE_URL: 'file:place/accounts.db' }
const READ_ONLY = { code: 'DATABASE_READ_ONLY', field: null, message: expect.stringContaining('Check its permissions') }
const refused = {
  exitCode: 1,
  stdout: '',
  stderr: expect.stringMatching(/^DATABASE_READ_ONLY: place\/accounts\.db: The database file cannot be .*\n$/),
}

;(canBeTried ? describe : describe.skip)('a database that cannot be written (skipped where that cannot be had)', () => {
  test('in a folder that cannot be written either is not made', async () => {
    makeReadOnly(join(cwd, 'place'))
    try {
      expect(await programs.run(['ingest', 'data/first.parquet'], { cwd, env })).toEqual(refused)
      expect(await programs.run(['serve', '--port', '0'], { cwd, env })).toEqual(refused)
    } finally {
      makeWritable(join(cwd, 'place'))
    }
  })

  test('nor is a copy made in such a folder', async () => {
    await programs.run(['ingest', 'data/first.parquet'], { cwd })
    await mkdir(join(cwd, 'copies'))
    makeReadOnly(join(cwd, 'copies'))
    try {
      expect(await programs.run(['snapshot', 'copies/x.db'], { cwd })).toEqual({
        exitCode: 1,
        stdout: '',
        stderr:
          'SNAPSHOT_FAILED: The snapshot could not be created: the directory copies is not writable. Change its permissions, or choose another directory.\n',
      })
    } finally {
      makeWritable(join(cwd, 'copies'))
    }
  })

  test('since a moment ago refuses files, answers queries, and takes them again when that is over', async () => {
    const server = await programs.serve({ cwd, env })
    await ingest(server, 'first.parquet')
    const before = await stateOf(server)
    const files = [database, `${database}-wal`]
    for (const file of files) makeReadOnly(file)
    try {
      const { ingestion, userErrors } = await ingest(server, 'second.parquet')
      expect(userErrors).toEqual([READ_ONLY])
      expect(ingestion).toMatchObject({ status: 'FAILED', error: READ_ONLY, inserted: 0 })
      expect(await ingestionOf(server, ingestion!.id)).toEqual(ingestion)
      expect(await stateOf(server)).toEqual(before)
    } finally {
      for (const file of files) makeWritable(file)
    }
    expect(await ingest(server, 'second.parquet')).toMatchObject({ userErrors: [], ingestion: { inserted: 1 } })
    await server.stop()
    expectSound(database)
  })

  test('is named by the program that starts on it, and left alone', async () => {
    const copy = join(cwd, 'copy.db')
    await copyFile(database, copy)
    for (const places of [[database], [database, join(cwd, 'place')]]) {
      for (const place of places) makeReadOnly(place)
      try {
        expect(await programs.run(['ingest', 'data/first.parquet'], { cwd, env })).toEqual(refused)
        expect(await programs.run(['serve', '--port', '0'], { cwd, env })).toEqual(refused)
      } finally {
        for (const place of places) makeWritable(place)
      }
    }
    expect(ledgerIn(database)).toEqual(ledgerIn(copy))
    await rm(copy)
  })
})
