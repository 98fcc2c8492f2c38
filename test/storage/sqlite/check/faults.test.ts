/** Faults of every kind, planted in a real database: a check finds each, and a repair recomputes what is derived. */
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkDatabase, repairDatabase } from '../../../../src/storage/sqlite/check/check.ts'
import { RULES } from '../../../../src/storage/sqlite/check/rules.ts'
import { Database } from '../../../../src/storage/sqlite/connection/driver.ts'
import { migrateDatabase } from '../../../../src/storage/sqlite/database.ts'
import { contentsOf } from '../../../support/database/contents.ts'
import { fillEveryTable } from '../../../support/database/every-table.ts'
import { useFolder } from '../../../support/folder.ts'
import { DATA_PLANTS, DERIVED_PLANTS, type Plant } from './plants.ts'

const folder = useFolder('faults-')
let sound: string

beforeAll(async () => {
  sound = join(folder(), 'sound.db')
  migrateDatabase(sound)
  await fillEveryTable(sound)
})

let copies = 0

function planted({ sql }: Pick<Plant, 'sql'>): string {
  const path = join(folder(), `planted-${copies++}.db`)
  copyFileSync(sound, path)
  const database = new Database(path)
  database.pragma('foreign_keys = OFF')
  database.exec(sql)
  expect(contentsOf(path)).not.toEqual(contentsOf(sound))
  database.close()
  return path
}

async function rulesOf(path: string) {
  return (await checkDatabase(path)).findings.map(({ rule }) => rule)
}

test('a sound database has no findings, and is unchanged', async () => {
  const before = readFileSync(sound)
  expect(await checkDatabase(sound)).toEqual({
    isSound: true,
    findings: [],
    counted: { measurements: 11, accounts: 6, asOf: Date.parse('2024-05-30T23:59:59.999Z') },
    isBeingWritten: false,
  })
  expect(readFileSync(sound)).toEqual(before)
  expect([`${sound}-wal`, `${sound}-shm`].filter(existsSync)).toEqual([])
})

test('every rule has a planted fault, except those that SQLite itself checks', () => {
  const tried = new Set([...DERIVED_PLANTS, ...DATA_PLANTS].flatMap(({ found }) => found))
  expect(Object.keys(RULES).filter(rule => !tried.has(rule as keyof typeof RULES))).toEqual([
    'file-damaged',
    'index-differs',
  ])
})

test.each(DERIVED_PLANTS.map(plant => [plant.what, plant] as const))('derived: %s', async (_, plant) => {
  const path = planted(plant)
  expect(await rulesOf(path)).toEqual(plant.found)
  const { before, after } = await repairDatabase(path)
  expect(before.findings.map(({ rule }) => rule)).toEqual(plant.found)
  expect(after?.findings).toEqual([])
  expect(contentsOf(path)).toEqual(contentsOf(sound))
})

test.each(DATA_PLANTS.map(plant => [plant.what, plant] as const))('data: %s', async (_, plant) => {
  const path = planted(plant)
  expect(await rulesOf(path)).toEqual(plant.found)
  const before = contentsOf(path)
  expect(await repairDatabase(path)).toMatchObject({ after: null })
  expect(contentsOf(path)).toEqual(before)
})

test('a repair does not change a sound database', async () => {
  const path = join(folder(), 'alone.db')
  copyFileSync(sound, path)
  const before = readFileSync(path)
  expect(await repairDatabase(path)).toMatchObject({ before: { isSound: true }, after: null })
  expect(readFileSync(path)).toEqual(before)
})

test('findings name the row, what it holds and what it should hold', async () => {
  const path = planted({
    sql: `UPDATE account SET month_first_count = 1201 WHERE account_id LIKE '%001'; UPDATE dataset SET measurement_count = 10`,
  })
  expect((await checkDatabase(path)).findings).toEqual([
    {
      rule: 'account-growth',
      ...RULES['account-growth'],
      count: 1,
      examples: ['00000000-0000-4000-8000-000000000001 month_first: 1201 at none, should be null at none'],
    },
    {
      rule: 'dataset-totals',
      ...RULES['dataset-totals'],
      count: 1,
      examples: ['measurement_count is 10, should be 11'],
    },
  ])
})

describe('the file itself', () => {
  /** Works on the schema as on any table, which SQLite does not check. */
  function withSchema(path: string, sql: string): void {
    const database = new Database(path)
    database.unsafeMode()
    database.pragma('writable_schema = ON')
    database.exec(sql)
    database.close()
  }

  const copied = () => planted({ sql: 'DELETE FROM period' })

  test('an index that lacks a change is rebuilt', async () => {
    const path = copied()
    const entry = new Database(path)
      .prepare(`SELECT * FROM sqlite_schema WHERE name = 'account_by_measured_at'`)
      .raw()
      .get() as unknown[]
    const values = entry.map(value => (typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : value)).join()
    withSchema(path, `DELETE FROM sqlite_schema WHERE name = 'account_by_measured_at'`)
    withSchema(path, `UPDATE account SET measured_at = measured_at + 1 WHERE account_id LIKE '%006'`)
    withSchema(path, `INSERT INTO sqlite_schema VALUES (${values})`)
    expect(await rulesOf(path)).toEqual(['index-differs', 'account-newest', 'period-list'])
    expect(await repairDatabase(path)).toMatchObject({ after: { isSound: true } })
    expect(contentsOf(path)).toEqual(contentsOf(sound))
  })

  test('a text in a number column is damage', async () => {
    const path = copied()
    const swap = (from: string, to: string) =>
      `UPDATE sqlite_schema SET sql = replace(sql, '${from}', '${to}') WHERE name = 'dataset'`
    withSchema(path, swap(') STRICT', ')'))
    withSchema(path, `UPDATE dataset SET as_of = 'yesterday'`)
    withSchema(path, `${swap('\n)', '\n) STRICT')}`)
    expect(await rulesOf(path)).toEqual(['file-damaged'])
    expect(await repairDatabase(path)).toMatchObject({ after: null })
  })

  test('overwritten or missing pages are damage', async () => {
    const whole = readFileSync(sound)
    const pages = whole.length / 4096
    for (let page = 1; page < pages; page += 3) {
      const path = join(folder(), `page-${page}.db`)
      writeFileSync(
        path,
        Buffer.concat([whole.subarray(0, page * 4096), Buffer.alloc(4096, 0xa5), whole.subarray((page + 1) * 4096)]),
      )
      expect([page, await judged(path)]).toEqual([page, 'damaged'])
      writeFileSync(path, whole.subarray(0, page * 4096))
      expect([page, await judged(path)]).toEqual([page, 'damaged'])
    }
  })

  async function judged(path: string): Promise<string> {
    const isDamage = (code: unknown) => code === 'DATABASE_DAMAGED' || code === 'file-damaged'
    try {
      return (await rulesOf(path)).some(isDamage) ? 'damaged' : 'sound'
    } catch (error) {
      return isDamage((error as { code?: unknown }).code) ? 'damaged' : String(error)
    }
  }
})
