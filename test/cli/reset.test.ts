import { execFileSync } from 'node:child_process'
import { lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Database } from '../../src/storage/sqlite/connection/driver.ts'
import { migrateDatabase } from '../../src/storage/sqlite/database.ts'
import { usePrograms } from '../support/program/programs.ts'

const programs = usePrograms()

test('a pipe is refused as no database by every command, and left as it is, with nothing beside it', async () => {
  const cwd = await programs.folder()
  const pipe = join(cwd, 'data/accounts.db')
  execFileSync('mkfifo', [pipe])
  const commands = [
    ['reset', '--yes'],
    ['serve', '--port', '0'],
    ['ingest', 'nothing.parquet'],
    ['snapshot', 'out.db'],
    ['check'],
    ['check', '--repair'],
    ['export', '--out', 'x.csv'],
  ]
  const refused = 'NOT_A_DATABASE: data/accounts.db is not a SQLite database. Name another file.\n'
  for (const command of commands) {
    const { exitCode, stdout, stderr } = await programs.run(command, { cwd })
    expect({ command, exitCode, stdout, stderr }).toEqual({ command, exitCode: 1, stdout: '', stderr: refused })
    expect([lstatSync(pipe).isFIFO(), readdirSync(cwd), readdirSync(join(cwd, 'data'))]).toEqual([
      true,
      ['data'],
      ['accounts.db'],
    ])
  }
})

test('reset through a link deletes the database and leaves the link', async () => {
  const cwd = await programs.folder()
  const store = join(cwd, 'store')
  mkdirSync(store)
  migrateDatabase(join(store, 'real.db'))
  for (const suffix of ['-wal', '-shm']) writeFileSync(join(store, `real.db${suffix}`), '')
  symlinkSync('../store/real.db', join(cwd, 'data/accounts.db'))
  expect(await programs.run(['reset', '--yes'], { cwd })).toEqual({
    exitCode: 0,
    stdout: 'Deleted the database data/accounts.db.\n',
    stderr: '',
  })
  expect(readdirSync(store).sort()).toEqual(['real.db.server-lock', 'real.db.write-lock'])
  expect(lstatSync(join(cwd, 'data/accounts.db')).isSymbolicLink()).toBe(true)
})

test('reset deletes nothing that it cannot look into', async () => {
  const cwd = await programs.folder()
  const path = join(cwd, 'data/accounts.db')
  new Database(path).exec('PRAGMA journal_mode = WAL; CREATE TABLE notes (text)').close()
  mkdirSync(`${path}-wal`)
  expect(await programs.run(['reset', '--yes'], { cwd })).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: expect.stringMatching(/^DATABASE_READ_ONLY: data\/accounts\.db: The database file cannot be opened\./),
  })
  expect(readdirSync(join(cwd, 'data'))).toEqual(['accounts.db', 'accounts.db-wal'])
})
