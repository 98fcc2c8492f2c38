import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readerProcessesOf } from '../support/program/children.ts'
import { writeDrop } from '../support/program/drops.ts'
import { usePrograms } from '../support/program/programs.ts'
import { until } from '../support/until.ts'
import { makeCategoriesEndless } from '../workers/support/endless.ts'

const programs = usePrograms()
let cwd: string

beforeAll(async () => {
  cwd = await programs.folder()
  await writeDrop(join(cwd, 'data/a.parquet'), [{ account: 1, count: 5_000, at: '2024-05-01T12:00:00Z' }])
  await programs.run(['ingest', 'data/a.parquet'], { cwd })
})

test('a name of a file moves no cursor and ends no line', async () => {
  const name = 'a\u001b[31m\nb.db'
  const shown = 'a\uFFFD[31m\uFFFDb.db'
  expect(await programs.run(['check', name], { cwd })).toMatchObject({
    exitCode: 1,
    stderr: `NO_DATABASE: There is no file ${shown}.\n`,
  })
  await writeFile(join(cwd, name), 'notes')
  expect(await programs.run(['snapshot', name], { cwd })).toMatchObject({
    exitCode: 1,
    stderr: `SNAPSHOT_EXISTS: ${shown} exists already. Name another file, or replace it with --force.\n`,
  })
  expect(await programs.run(['serve'], { cwd, env: { ACCESS_TOKENS_FILE: name.replace('b', 'c') } })).toMatchObject({
    exitCode: 2,
    stderr: expect.not.stringContaining('\u001b'),
  })
})

test('a copy needs a name', async () => {
  expect(await programs.run(['snapshot', ''], { cwd })).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: 'The copy needs a name: say which file is to be made.\n',
  })
})

test.each(['ingest', 'serve'])('%s names the file that is in the place of a folder', async command => {
  await mkdir(join(cwd, 'sub'), { recursive: true })
  await writeFile(join(cwd, 'sub/afile'), 'notes')
  const args = command === 'ingest' ? ['data/a.parquet'] : []
  const env = { DATABASE_URL: 'file:sub/afile/x.db' }
  expect(await programs.run([command, ...args], { cwd, env })).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: 'NO_DATABASE: sub/afile/x.db: sub/afile is no folder. Name another file, or move what is in the way.\n',
  })
})

test('an export that is stopped says so, and leaves nothing', async () => {
  makeCategoriesEndless(join(cwd, 'data/accounts.db'))
  const running = programs.start(['export', '--out', 'all.csv'], { cwd })
  await until(() => readerProcessesOf(running.pid).length > 0, 'it to read')
  running.kill('SIGINT')
  expect(await running.exited).toEqual({ code: 1, signal: null })
  await running.drained()
  expect(running.stderr).toBe('QUERY_INTERRUPTED: The export was stopped before it was complete.\n')
  expect(existsSync(join(cwd, 'all.csv'))).toBe(false)
})
