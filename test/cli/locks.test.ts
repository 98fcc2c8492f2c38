import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrateDatabase } from '../../src/storage/sqlite/database.ts'
import { acquireLock } from '../../src/storage/sqlite/files/lock.ts'
import { usePrograms } from '../support/program/programs.ts'

const programs = usePrograms()

test.each([
  ['write', ['ingest', 'nothing.parquet']],
  ['write', ['check', '--repair']],
  ['write', ['reset', '--yes']],
  ['server', ['serve', '--port', '0']],
  ['snapshot', ['snapshot', 'out.db']],
])('a %s lock with something in it is named, not the database: %s', async (name, command) => {
  const cwd = await programs.folder()
  const database = join(cwd, 'data/accounts.db')
  migrateDatabase(database)
  const before = readFileSync(database)
  const lock = `${database}.${name}-lock`
  const advice = 'It is a lock and holds no data: remove it when no program uses the database.'
  writeFileSync(lock, 'garbage\n')
  const { exitCode, stderr } = await programs.run(command, { cwd })
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: `LOCK_DAMAGED: ${lock} is not an empty file. ${advice}\n`,
  })
  expect([readFileSync(lock, 'utf8'), readFileSync(database)]).toEqual(['garbage\n', before])
})

test('a folder in the place of a lock is named; without it the lock is made', async () => {
  const cwd = await programs.folder()
  const database = join(cwd, 'accounts.db')
  mkdirSync(`${database}.write-lock`)
  await expect(acquireLock(database, 'write', 0)).rejects.toMatchObject({ code: 'LOCK_DAMAGED' })
  rmSync(`${database}.write-lock`, { recursive: true })
  const lock = await acquireLock(database, 'write', 0)
  lock.release()
})

test('a database that is not there yet has one lock, by its name and through a link', async () => {
  const cwd = await programs.folder()
  symlinkSync('data/accounts.db', join(cwd, 'link.db'))
  const lock = await acquireLock(join(cwd, 'link.db'), 'write', 0)
  try {
    await expect(acquireLock(join(cwd, 'data/accounts.db'), 'write', 0)).rejects.toMatchObject({
      code: 'DATABASE_BUSY',
    })
  } finally {
    lock.release()
  }
})
