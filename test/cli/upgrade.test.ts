import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Database } from '../../src/storage/sqlite/driver.ts'
import { restore } from '../support/database/dump.ts'
import { usePrograms } from '../support/program/programs.ts'

const programs = usePrograms()

test('an upgrade is told, with the copy from before', async () => {
  const cwd = await programs.folder()
  const fixture = new URL('../fixtures/databases/0000_tables.sql', import.meta.url)
  restore(readFileSync(fixture, 'utf8'), join(cwd, 'data/accounts.db'))
  const server = await programs.serve({ cwd })
  const copy = 'data/accounts.db.before-0001_views.db'
  expect(server.process.stdout).toContain('data/accounts.db was upgraded (0001_views')
  expect(server.process.stdout).toContain(`As it was before it is kept in ${copy}: delete that when you are content.\n`)
  expect(await programs.run(['check', copy], { cwd })).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('DATABASE_TOO_OLD: '),
  })
  await server.stop()
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
