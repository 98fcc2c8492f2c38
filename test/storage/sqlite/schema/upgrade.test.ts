/** Opening a database with a newer or an older version of the program. */
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { checkDatabase, repairDatabase } from '../../../../src/storage/sqlite/check/check.ts'
import { Database } from '../../../../src/storage/sqlite/connection/driver.ts'
import { migrateDatabase } from '../../../../src/storage/sqlite/database.ts'
import { contentsOf } from '../../../support/database/contents.ts'
import { fillEveryTable } from '../../../support/database/every-table.ts'
import { useFolder } from '../../../support/folder.ts'
import { withMigrations } from './planted.ts'

const folder = useFolder('upgrade-')
let filled: string
let made = 0

beforeAll(async () => {
  filled = join(folder(), 'filled.db')
  migrateDatabase(filled)
  await fillEveryTable(filled)
})

function copied(): string {
  const path = join(folder(), `copy-${made++}.db`)
  copyFileSync(filled, path)
  return path
}

const planted = (added: Readonly<Record<string, string>>) =>
  withMigrations(join(folder(), `migrations-${made++}`), added)

/** The bytes and modification time of a file, and the names of the files beside it. */
function stateOf(path: string): unknown {
  const beside = readdirSync(folder()).filter(name => name.startsWith(basename(path)))
  return [createHash('sha256').update(readFileSync(path)).digest('hex'), statSync(path).mtimeMs, beside]
}

const ADDS =
  'CREATE TABLE `note` (`id` integer PRIMARY KEY NOT NULL) STRICT;\n--> statement-breakpoint\nCREATE INDEX `by_id` ON `note` (`id`);'
const REWRITES = 'UPDATE `ingestion` SET `file_name` = upper(`file_name`);'

test('a migration that only adds to the database makes no copy', () => {
  const path = copied()
  expect(migrateDatabase(path, planted({ '0002_note': ADDS }))).toEqual({ migrations: ['0002_note'], snapshot: null })
  const { note, __drizzle_migrations: remembered, sqlite_schema: _, ...rest } = contentsOf(path)
  const before = contentsOf(filled).__drizzle_migrations!
  expect([note, remembered]).toEqual([[], expect.arrayContaining([...before])])
  expect(remembered).toHaveLength(before.length + 1)
  expect(contentsOf(filled)).toMatchObject(rest)
})

test('before a migration that rewrites a table a copy is made, kept and reported', async () => {
  const path = copied()
  const before = contentsOf(path)
  const migrations = planted({ '0002_note': ADDS, '0003_upper_case': REWRITES })
  const snapshot = `${path}.before-0003_upper_case.db`
  expect(migrateDatabase(path, migrations)).toEqual({ migrations: ['0002_note', '0003_upper_case'], snapshot })
  expect(contentsOf(snapshot)).toEqual(before)
  expect(await checkDatabase(snapshot)).toMatchObject({ isSound: true })
  expect(contentsOf(path).ingestion).not.toEqual(before.ingestion)
  expect(migrateDatabase(path, migrations)).toBeNull()
})

test('the copy replaces no file, and is beside the file that a link leads to', () => {
  const path = copied()
  const taken = `${path}.before-0002_upper_case`
  writeFileSync(`${taken}.db`, 'my notes')
  mkdirSync(`${taken}-2.db`)
  symlinkSync('nowhere', `${taken}-3.db`)
  writeFileSync(`${taken}-4.db-wal`, 'the log of another')
  const before = contentsOf(path)
  const link = join(folder(), `link-${made++}.db`)
  symlinkSync(basename(path), link)
  const snapshot = `${taken}-5.db`
  expect(migrateDatabase(link, planted({ '0002_upper_case': REWRITES }))).toMatchObject({ snapshot })
  expect(contentsOf(snapshot)).toEqual(before)
  expect(readFileSync(`${taken}.db`, 'utf8')).toBe('my notes')
  expect(readdirSync(folder()).filter(name => name.startsWith(basename(taken)))).toHaveLength(5)
  expect(readdirSync(folder()).filter(name => /^(link-\d+\.db.|\.snapshot)/.test(name))).toEqual([])
})

test('a migration that fails removes its own copy and no other', () => {
  const path = copied()
  const older = `${path}.before-0002_fails.db`
  writeFileSync(older, 'an older copy')
  const before = stateOf(path)
  const migrations = planted({ '0002_fails': 'SELECT * FROM nowhere;' })
  expect(() => migrateDatabase(path, migrations)).toThrow(expect.objectContaining({ code: 'MIGRATION_FAILED' }))
  expect(stateOf(path)).toEqual(before)
  expect(readFileSync(older, 'utf8')).toBe('an older copy')
})

test.each([
  [
    'a statement that cannot be run',
    `${REWRITES}\n--> statement-breakpoint\nSELECT * FROM nowhere;`,
    'no such table: nowhere',
  ],
  ['a constraint', `UPDATE ingestion SET status = 'LOST';`, 'CHECK constraint failed'],
  ['a reference to nothing', 'UPDATE measurement SET ingestion = 99;', 'rows would refer to rows that do not exist'],
])('a migration that fails by %s leaves the file byte for byte unchanged', async (_, sql, why) => {
  const path = copied()
  const before = stateOf(path)
  const migrations = planted({ '0002_note': ADDS, '0003_fails': sql })
  expect(() => migrateDatabase(path, migrations)).toThrow(
    expect.objectContaining({ code: 'MIGRATION_FAILED', message: expect.stringContaining(why) }),
  )
  expect(stateOf(path)).toEqual(before)
  expect(migrateDatabase(path)).toBeNull()
  expect(await checkDatabase(path)).toMatchObject({ isSound: true })
})

test('a copy without a write-ahead log can replace the database', () => {
  const path = copied()
  new Database(path).exec('PRAGMA journal_mode = DELETE').close()
  const before = contentsOf(path)
  expect(migrateDatabase(path)).toBeNull()
  expect(contentsOf(path)).toEqual(before)
  expect(new Database(path).pragma('journal_mode', { simple: true })).toBe('wal')
})

test('rebuilding a table keeps the rows that refer to it', () => {
  const path = copied()
  const family = `
    CREATE TABLE parent (id INTEGER PRIMARY KEY) STRICT;
    CREATE TABLE child (parent INTEGER REFERENCES parent (id) ON DELETE CASCADE) STRICT;
    INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1);`
  const rebuild = `CREATE TABLE new_parent (id INTEGER PRIMARY KEY, name TEXT) STRICT;
    INSERT INTO new_parent (id) SELECT id FROM parent; DROP TABLE parent; ALTER TABLE new_parent RENAME TO parent;`
  migrateDatabase(path, planted({ '0002_family': family, '0003_rebuild': rebuild }))
  expect(contentsOf(path)).toMatchObject({ parent: ['[1,null]'], child: ['[1]'] })
})

describe('rejected with the path, and unchanged:', () => {
  const ATTEMPTS = [async (path: string) => migrateDatabase(path), checkDatabase, repairDatabase]

  async function expectRefused(path: string, code: string): Promise<void> {
    const before = stateOf(path)
    for (const attempt of ATTEMPTS) {
      await expect(attempt(path)).rejects.toMatchObject({ code, message: expect.stringContaining(path) })
      expect(stateOf(path)).toEqual(before)
    }
  }

  test('a database of a newer version', async () => {
    const path = copied()
    migrateDatabase(path, planted({ '0002_note': ADDS }))
    await expectRefused(path, 'DATABASE_TOO_NEW')
  })

  test.each([
    ['with tables of its own', 'CREATE TABLE notes (text)'],
    ['that has views alone', 'CREATE VIEW notes AS SELECT 1'],
    [
      'that keeps a list of migrations too',
      'CREATE TABLE __drizzle_migrations (id, hash, created_at); INSERT INTO __drizzle_migrations VALUES (1, 2, 3)',
    ],
    ['with a write-ahead log', 'PRAGMA journal_mode = WAL; CREATE TABLE notes (text)'],
  ])('a database of another program %s', async (_, sql) => {
    const path = join(folder(), `theirs-${made++}.db`)
    new Database(path).exec(sql).close()
    await expectRefused(path, 'FOREIGN_DATABASE')
  })

  test.each([
    ['text', 'account_id,date\n'.repeat(1000)],
    ['what begins like a database', 'SQLite format 3\0'],
    ['one byte', '\0'],
  ])('a file that is not a database but %s', async (_, text) => {
    const path = join(folder(), `text-${made++}`)
    writeFileSync(path, text)
    await expectRefused(path, 'NOT_A_DATABASE')
  })

  test('a database whose first page is damaged', async () => {
    const path = copied()
    const bytes = readFileSync(path).fill(0xa5, 100, 4096)
    writeFileSync(path, bytes)
    for (const attempt of ATTEMPTS) await expect(attempt(path)).rejects.toMatchObject({ code: 'DATABASE_DAMAGED' })
    expect(readFileSync(path)).toEqual(bytes)
  })
})

test('an empty file becomes a new database', async () => {
  const path = join(folder(), 'empty.db')
  writeFileSync(path, '')
  expect(migrateDatabase(path)).toBeNull()
  expect(await checkDatabase(path)).toMatchObject({ isSound: true, counted: { measurements: 0 } })
  expect(existsSync(`${path}-wal`)).toBe(false)
})
