import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Database } from '../../src/storage/sqlite/connection/driver.ts'
import { readMigrations } from '../../src/storage/sqlite/schema/migrations.ts'
import { restore } from '../support/database/dump.ts'
import { usePrograms } from '../support/program/programs.ts'

const programs = usePrograms()
const LATEST = readMigrations().at(-1)!.tag

test('an upgrade is reported with the copy of the database from before', async () => {
  const cwd = await programs.folder()
  const fixture = new URL('../fixtures/databases/0000_tables.sql', import.meta.url)
  restore(readFileSync(fixture, 'utf8'), join(cwd, 'data/accounts.db'))
  const server = await programs.serve({ cwd })
  const copy = 'data/accounts.db.before-0001_views.db'
  expect(server.process.stdout).toContain('data/accounts.db was upgraded (0001_views')
  expect(server.process.stdout).toContain(`A copy of the old version is in ${copy}; you can delete it.\n`)
  expect(await programs.run(['check', copy], { cwd })).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('DATABASE_TOO_OLD: '),
  })
  await server.stop()
})

test.each(['0000_tables', '0001_views'])('an export does not upgrade, and says what does: %s', async version => {
  const cwd = await programs.folder()
  const path = join(cwd, 'data/accounts.db')
  restore(readFileSync(new URL(`../fixtures/databases/${version}.sql`, import.meta.url), 'utf8'), path)
  const before = readFileSync(path)
  const result = await programs.run(['export', '--out', 'all.csv'], { cwd })
  if (version === LATEST)
    return expect(result).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('all.csv: ') })
  const words = 'data/accounts.db is of an older version. Start the server on it, or ingest into it'
  expect(result).toMatchObject({
    exitCode: 1,
    stdout: '',
    stderr: expect.stringContaining(`DATABASE_TOO_OLD: ${words}`),
  })
  expect(readFileSync(path)).toEqual(before)
  expect([readdirSync(cwd), readdirSync(join(cwd, 'data'))]).toEqual([['data'], ['accounts.db']])
})

test.each([
  ['no database', 'NOT_A_DATABASE', (path: string) => writeFileSync(path, 'no database'.repeat(100))],
  [
    "another program's",
    'FOREIGN_DATABASE',
    (path: string) => new Database(path).exec('CREATE TABLE notes (text)').close(),
  ],
  [
    "another program's, with a log",
    'FOREIGN_DATABASE',
    (path: string) => new Database(path).exec('PRAGMA journal_mode = WAL; CREATE TABLE notes (text)').close(),
  ],
])('nothing is made beside a file that is refused: %s', async (_, code, make) => {
  const cwd = await programs.folder()
  const path = join(cwd, 'data/accounts.db')
  make(path)
  const before = readFileSync(path)
  const commands = [
    ['serve', '--port', '0'],
    ['ingest', 'data'],
    ['snapshot', 'out.db'],
    ['check'],
    ['check', '--repair'],
    ['export', '--out', 'x.csv'],
  ]
  for (const command of commands) {
    const { stderr, exitCode } = await programs.run(command, { cwd })
    expect([command, exitCode, stderr]).toEqual([command, 1, expect.stringContaining(`${code}: `)])
    expect([command, ...readdirSync(join(cwd, 'data'))]).toEqual([command, 'accounts.db'])
  }
  expect(readdirSync(cwd)).toEqual(['data'])
  expect(readFileSync(path)).toEqual(before)
})

test('what cannot be opened is refused by its code', async () => {
  const cwd = await programs.folder()
  const path = join(cwd, 'data/accounts.db')
  const found = async (...args: string[]) => (await programs.run(args, { cwd })).stderr
  const commands = [['serve', '--port', '0'], ['ingest', 'data'], ['snapshot', 'out.db'], ['check']]
  writeFileSync(path, 'no database'.repeat(100))
  for (const command of commands.slice(1, 3))
    expect(await found(...command)).toMatch(/^NOT_A_DATABASE: data\/accounts\.db /m)
  writeFileSync(path, '')
  await programs.run(['ingest', 'data'], { cwd })
  const database = new Database(path)
  database.exec('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (0, 9999999999999)')
  database.close()
  for (const command of commands) expect(await found(...command)).toMatch(/^DATABASE_TOO_NEW: data\/accounts\.db /m)
})
