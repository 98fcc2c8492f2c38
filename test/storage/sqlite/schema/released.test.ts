/** A database of every released version opens with this one, without losing data. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkDatabase, repairDatabase } from '../../../../src/storage/sqlite/check/check.ts'
import { Database } from '../../../../src/storage/sqlite/connection/driver.ts'
import { migrateDatabase } from '../../../../src/storage/sqlite/database.ts'
import { readMigrations } from '../../../../src/storage/sqlite/schema/migrations.ts'
import { columnsOf, restore } from '../../../support/database/dump.ts'
import { useFolder } from '../../../support/folder.ts'

const folder = useFolder('released-')
const tags = readMigrations().map(({ tag }) => tag)
const fixtureOf = (tag: string) => new URL(`../../../fixtures/databases/${tag}.sql`, import.meta.url)

/** Never released by itself: its fixture is that of the next without what the next adds, which is the line of totals. */
const WITHOUT_TOTALS = '0000_tables'

type Tables = Readonly<Record<string, readonly unknown[]>>

/** The rows of each table; of the columns given, where some are. */
function tablesIn(path: string, columns: Readonly<Record<string, readonly string[]>> = {}): Tables {
  const database = new Database(path, { readonly: true })
  try {
    const names = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all() as string[]
    const rows = names.map(name => {
      const wanted = (columns[name] ?? columnsOf(database, name)).map(column => `"${column}"`).join()
      return [name, database.prepare(`SELECT ${wanted} FROM "${name}" ORDER BY ${wanted}`).raw().all()]
    })
    return Object.fromEntries(rows)
  } finally {
    database.close()
  }
}

function columnsIn(path: string): Record<string, string[]> {
  const database = new Database(path, { readonly: true })
  try {
    return Object.fromEntries(Object.keys(tablesIn(path)).map(name => [name, columnsOf(database, name)]))
  } finally {
    database.close()
  }
}

test('the migration journal is ordered by time, because a database records the time of each migration', () => {
  const whens = readMigrations().map(({ when }) => when)
  expect(whens).toEqual([...new Set(whens)].sort((a, b) => a - b))
})

test.each(tags)(
  '%s has a fixture (npx tsx test/fixtures/databases/make.ts makes the newest) with data in every table',
  tag => {
    expect(existsSync(fixtureOf(tag))).toBe(true)
    const path = join(folder(), `full-${tag}.db`)
    restore(readFileSync(fixtureOf(tag), 'utf8'), path)
    const empty = Object.entries(tablesIn(path)).filter(([, rows]) => rows.length === 0)
    expect(empty.map(([name]) => name)).toEqual(tag === WITHOUT_TOTALS ? ['dataset'] : [])
  },
)

test.each(tags)('%s is upgraded without losing data', async tag => {
  const path = join(folder(), `${tag}.db`)
  restore(readFileSync(fixtureOf(tag), 'utf8'), path)
  const { __drizzle_migrations: _, ...before } = tablesIn(path)
  const columns = columnsIn(path)
  const upgrade = migrateDatabase(path)
  expect(upgrade?.migrations ?? []).toEqual(tags.slice(tags.indexOf(tag) + 1))
  if (tag === WITHOUT_TOTALS) {
    expect((await checkDatabase(path)).findings.map(({ rule }) => rule)).toEqual(['dataset-totals'])
    expect(tablesIn(path, columns)).toMatchObject({ ...before, dataset: [[1, null, null, 0, 0]] })
    await repairDatabase(path)
  } else expect(tablesIn(path, columns)).toMatchObject(before)
  expect((await checkDatabase(path)).findings).toEqual([])
})
