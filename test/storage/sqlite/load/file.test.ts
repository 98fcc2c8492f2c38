import { execFile } from 'node:child_process'
import { copyFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import type { Connection } from '../../../../src/storage/sqlite/connection/connection.ts'
import { openConnection } from '../../../../src/storage/sqlite/connection/connection.ts'
import { Database } from '../../../../src/storage/sqlite/connection/driver.ts'
import { migrateDatabase } from '../../../../src/storage/sqlite/database.ts'
import { identityOf, TestDatabase, withDatabase, withFolder } from '../../../ingestion/support/database.ts'
import { beginLoad, loadRows, manyOf, type Row } from '../../../ingestion/support/loads.ts'
import { idOf } from '../../../support/parquet/columns.ts'

const ASOF = Date.UTC(2024, 4, 31, 12, 0, 0, 7)
const DAY_MS = 86_400_000

const rows: readonly Row[] = [
  { accountId: idOf(1), measuredAt: ASOF - 7 * DAY_MS, subscriberCount: 1000, categories: [] },
  { accountId: idOf(1), measuredAt: ASOF, subscriberCount: 1125, categories: ['podcast', 'Gaming'] },
  { accountId: idOf(2), measuredAt: ASOF, subscriberCount: 1000, categories: ['Gaming'] },
  { accountId: idOf(3), measuredAt: ASOF - 400 * DAY_MS, subscriberCount: 5000, categories: [] },
]

async function logSize(database: TestDatabase): Promise<number> {
  return (await stat(`${database.path}-wal`)).size
}

/** What another program reads from a copy of the file alone. */
async function inCopy<Result>(database: TestDatabase, look: (copy: Connection) => Result): Promise<Result> {
  const path = join(database.folder, 'copy.sqlite')
  await copyFile(database.path, path)
  const copy = new Database(path, { readonly: true })
  try {
    return look(copy)
  } finally {
    copy.close()
  }
}

describe('a plain copy of the idle file is complete', () => {
  test('after an ingestion that SUCCEEDED, and after one that FAILED', () =>
    withDatabase(async database => {
      await loadRows(database.loader, rows)
      expect(await logSize(database)).toBe(0)
      const load = await beginLoad(database.loader, identityOf(), Date.now())
      await load.rollBack({ code: 'CORRUPT_PARQUET', field: null, message: 'x' }, { rowsTotal: null, rowsRead: 0 })
      expect(await logSize(database)).toBe(0)
      await inCopy(database, copy => {
        expect(copy.pragma('integrity_check', { simple: true })).toBe('ok')
        expect(copy.prepare('SELECT count(*) FROM measurement').pluck().get()).toBe(rows.length)
        expect(copy.prepare('SELECT status FROM ingestion ORDER BY id').pluck().all()).toEqual(['SUCCEEDED', 'FAILED'])
        for (const [name, contents] of Object.entries(database.contents())) {
          expect(copy.prepare(`SELECT * FROM "${name}"`).all()).toEqual(contents)
        }
      })
    }))

  test('a reader does not stop an ingestion, and the log is truncated when the reader has closed', () =>
    withDatabase(async database => {
      const reader = openConnection(database.path, { readonly: true })
      const count = () => reader.prepare('SELECT count(*) FROM measurement').pluck().get()
      reader.exec('BEGIN')
      expect(count()).toBe(0)
      expect(await loadRows(database.loader, rows)).toMatchObject({ status: 'SUCCEEDED' })
      expect(count()).toBe(0)
      expect(await logSize(database)).toBeGreaterThan(0)
      reader.exec('COMMIT')
      expect(count()).toBe(rows.length)
      reader.close()
      await loadRows(database.loader, [])
      expect(await logSize(database)).toBe(0)
    }))

  test('a disk with room for the log but not for the checkpoint loses nothing', () =>
    withFolder(async folder => {
      const database = new TestDatabase(folder)
      await loadRows(database.loader, manyOf(1, 50_000))
      await database.close()
      const limit = Math.ceil((await stat(database.path)).size / 1024) + 100
      const script = join(import.meta.dirname, '../../../ingestion/support/load-many.ts')
      const load = [process.execPath, '--import', 'tsx', script, database.path, '2', '20000']
      const { stdout } = await promisify(execFile)('bash', ['-c', `ulimit -f ${limit}; exec "$@"`, 'bash', ...load])
      expect(JSON.parse(stdout)).toEqual({ status: 'SUCCEEDED', inserted: 20_000 })
      const after = openConnection(database.path)
      expect(after.prepare('SELECT count(*) FROM measurement').pluck().get()).toBe(70_000)
      after.close()
    }))

  test('after the loader is closed', () =>
    withFolder(async folder => {
      const database = new TestDatabase(folder)
      await loadRows(database.loader, rows)
      await database.close()
      await inCopy(database, copy => {
        expect(copy.prepare('SELECT count(*) FROM measurement').pluck().get()).toBe(rows.length)
      })
    }))
})

describe('the views', () => {
  const NAME = { fileName: 'drops/may.parquet', id: 'an id' }

  test('accounts has the tracked accounts', () =>
    withDatabase(async database => {
      await loadRows(database.loader, rows, 10, NAME)
      expect(await inCopy(database, copy => copy.prepare('SELECT * FROM accounts ORDER BY account_id').all())).toEqual([
        {
          account_id: idOf(1),
          categories: '["Gaming","podcast"]',
          subscriber_count: 1125,
          measured_at: '2024-05-31T12:00:00.007Z',
          week_growth_percent: 12.5,
          month_growth_percent: 12.5,
          quarter_growth_percent: 12.5,
          year_growth_percent: 12.5,
          week_growth_percent_at_window_start: 12.5,
          month_growth_percent_at_window_start: 12.5,
          quarter_growth_percent_at_window_start: 12.5,
          year_growth_percent_at_window_start: 12.5,
        },
        expect.objectContaining({
          account_id: idOf(3),
          categories: '[]',
          subscriber_count: 5000,
          year_growth_percent: null,
          year_growth_percent_at_window_start: null,
        }),
      ])
    }))

  test('measurements has all measurements, with the file of each', () =>
    withDatabase(async database => {
      await loadRows(database.loader, rows, 10, NAME)
      const found = await inCopy(database, copy =>
        copy.prepare('SELECT * FROM measurements ORDER BY account_id, measured_at').all(),
      )
      const common = { file_name: NAME.fileName, ingestion_id: NAME.id }
      expect(found).toEqual([
        {
          account_id: idOf(1),
          measured_at: '2024-05-24T12:00:00.007Z',
          subscriber_count: 1000,
          categories: '[]',
          ...common,
        },
        {
          account_id: idOf(1),
          measured_at: '2024-05-31T12:00:00.007Z',
          subscriber_count: 1125,
          categories: '["Gaming","podcast"]',
          ...common,
        },
        {
          account_id: idOf(2),
          measured_at: '2024-05-31T12:00:00.007Z',
          subscriber_count: 1000,
          categories: '["Gaming"]',
          ...common,
        },
        {
          account_id: idOf(3),
          measured_at: '2023-04-27T12:00:00.007Z',
          subscriber_count: 5000,
          categories: '[]',
          ...common,
        },
      ])
    }))
})

describe('the database', () => {
  test('has only STRICT tables', () =>
    withDatabase(async database => {
      const tables = database
        .all<{ name: string; schema: string; type: string; strict: number }>('PRAGMA table_list')
        .filter(({ name, schema, type }) => schema === 'main' && type === 'table' && !/^(sqlite|__drizzle)_/.test(name))
      expect(tables.length).toBeGreaterThanOrEqual(12)
      expect(tables.filter(({ strict }) => strict !== 1)).toEqual([])
    }))

  test('uses synchronous FULL on every connection', () =>
    withDatabase(async database => {
      const synchronous = (connection: Connection) => connection.pragma('synchronous', { simple: true })
      for (const readonly of [false, true, false]) {
        const connection = openConnection(database.path, { readonly })
        expect(synchronous(connection)).toBe(2)
        expect(connection.pragma('journal_mode', { simple: true })).toBe('wal')
        expect(connection.pragma('foreign_keys', { simple: true })).toBe(1)
        connection.close()
      }
      const plain = new Database(database.path)
      expect(synchronous(plain)).toBe(1) // what SQLite itself would do
      plain.close()
    }))

  test('satisfies its foreign keys, although the loader does not check them', () =>
    withDatabase(async database => {
      await loadRows(database.loader, rows)
      await loadRows(
        database.loader,
        rows.map(row => ({ ...row, subscriberCount: 7, categories: ['new'] })),
      )
      expect(database.all('PRAGMA foreign_key_check')).toEqual([])
    }))

  test('is migrated once', () =>
    withDatabase(async database => {
      await loadRows(database.loader, rows)
      const before = database.contents()
      migrateDatabase(database.path)
      expect(database.contents()).toEqual(before)
    }))

  test('of another program is not changed', () =>
    withFolder(async folder => {
      const path = join(folder, 'other.sqlite')
      const other = new Database(path)
      other.exec('CREATE TABLE theirs (x)')
      other.close()
      expect(() => migrateDatabase(path)).toThrow(/another program/)
      const again = new Database(path)
      expect(again.prepare('SELECT name FROM sqlite_schema').pluck().all()).toEqual(['theirs'])
      again.close()
    }))
})
