import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MeasurementBatch } from '../../../../src/domain/measurement.ts'
import { migrateDatabase } from '../../../../src/storage/sqlite/database.ts'
import { SqliteLoader } from '../../../../src/storage/sqlite/load/loader.ts'
import { SqliteReader } from '../../../../src/storage/sqlite/read/reader.ts'
import { beginLoad } from '../../../ingestion/support/loads.ts'

type Row = readonly [account: number, count: number, at: string]

/** YEAR from 29 February at 01:00 opens 22 hours before YEAR from the day before at 23:00. */
const BEFORE: readonly Row[] = [
  [1, 2000, '2023-02-28T12:00:00Z'],
  [1, 3000, '2023-02-28T18:00:00Z'],
  [2, 2000, '2022-02-28T12:00:00Z'],
  [2, 4000, '2024-02-01T00:00:00Z'],
  [3, 5000, '2024-02-28T23:00:00Z'],
]
const LEAP_DAY: readonly Row[] = [[3, 6000, '2024-02-29T01:00:00Z']]

const idOf = (account: number) => `00000000-0000-4000-8000-00000000000${account}`

function batchOf(rows: readonly Row[]): MeasurementBatch {
  const accounts = [...new Set(rows.map(([account]) => account))]
  return {
    length: rows.length,
    newAccountIds: accounts.map(idOf),
    newCategorySets: [[]],
    account: Uint32Array.from(rows, ([account]) => accounts.indexOf(account)),
    measuredAt: Float64Array.from(rows, ([, , at]) => Date.parse(at)),
    subscriberCount: Float64Array.from(rows, ([, count]) => count),
    categorySet: new Uint32Array(rows.length),
  }
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leap-day-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Yearly growth of each account, by baseline, after the files were loaded one by one. */
async function growthAfter(name: string, files: readonly (readonly Row[])[]) {
  const path = join(folder, `${name}.db`)
  migrateDatabase(path)
  const loader = new SqliteLoader(path)
  for (const [index, rows] of files.entries()) {
    const identity = { id: `${index}`, fileName: name, sha256: `${index}`, fileSize: 1, dryRun: false, queuedAt: 0 }
    const load = await beginLoad(loader, { ...identity, programVersion: 'test' }, 0)
    await load.write(batchOf(rows))
    await load.commit({ rowsTotal: rows.length, rowsRead: rows.length })
  }
  await loader.close()
  const reader = new SqliteReader(path)
  const accounts = await Promise.all([1, 2, 3].map(account => reader.account(idOf(account))))
  reader.close()
  return accounts.map(account => [
    account?.growth({ window: 'YEAR', baseline: 'FIRST_IN_WINDOW' }).percent,
    account?.growth({ window: 'YEAR', baseline: 'AT_WINDOW_START' }).percent,
  ])
}

test('a leap day opens the year earlier than the day before, and all accounts are refreshed', async () => {
  const expected = [
    [50, 50],
    [null, 100],
    [20, 20],
  ]
  expect(await growthAfter('at-once', [[...BEFORE, ...LEAP_DAY]])).toEqual(expected)
  expect(await growthAfter('one-by-one', [BEFORE, LEAP_DAY])).toEqual(expected)
})
