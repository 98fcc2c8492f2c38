import { readdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { holdReader } from '../faults/support/holder.ts'
import { writeDrop } from '../support/program/drops.ts'
import { ingest } from '../support/program/ingest.ts'
import { usePrograms } from '../support/program/programs.ts'

const programs = usePrograms()
let cwd: string

beforeEach(async () => {
  cwd = await programs.folder()
  await writeDrop(join(cwd, 'data/a.parquet'), [{ account: 1, count: 5_000, at: '2024-05-01T12:00:00Z' }])
})

test('a directory that is not there is not watched', async () => {
  for (const name of ['nowhere', 'data/a.parquet']) {
    const { exitCode, stdout, stderr } = await programs.run(['ingest', '--watch', name], { cwd })
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(`${name} is no directory that can be watched: make it first, or name another.`)
  }
  expect(await readdir(join(cwd, 'data'))).toEqual(['a.parquet'])
})

test('a folder that is not there is named before anything is written', async () => {
  await programs.run(['ingest', 'data/a.parquet'], { cwd })
  const { exitCode, stderr } = await programs.run(['export', '--out', 'nowhere/out.csv'], { cwd })
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: expect.stringContaining('nowhere/out.csv cannot be written: its folder does not exist. Make it first.'),
  })
})

test('an export does not take the place of the database', async () => {
  await programs.run(['ingest', 'data/a.parquet'], { cwd })
  for (const out of ['data/accounts.db', 'data/../data/accounts.db-wal']) {
    const { exitCode, stderr } = await programs.run(['export', '--format', 'csv', '--out', out], { cwd })
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining(`${out} is the database itself`),
    })
  }
  expect(await programs.run(['check'], { cwd })).toMatchObject({ exitCode: 0 })
})

test('the state of the data is told when a file was taken, and not otherwise', async () => {
  await writeFile(join(cwd, 'data/b.parquet'), 'nothing of the kind')
  const refused = await programs.run(['ingest', 'data/b.parquet', 'data/c.parquet'], { cwd })
  expect(refused).toMatchObject({ exitCode: 1, stdout: 'b.parquet: FAILED\n' })
  const { stdout } = await programs.run(['ingest', 'data/b.parquet', 'data/a.parquet'], { cwd })
  expect(stdout).toContain('1 accounts above 1,000 subscribers')
})

test('a damaged database is called that by whatever meets it', async () => {
  await programs.run(['ingest', 'data/a.parquet'], { cwd })
  await truncate(join(cwd, 'data/accounts.db'), 20_000)
  const { exitCode, stderr } = await programs.run(['ingest', 'data/a.parquet'], { cwd })
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(/^DATABASE_DAMAGED: data\/accounts\.db is damaged: SQLite cannot read it\./m)
})

test('a log that another reader keeps from being emptied is named at the end', async () => {
  const server = await programs.serve({ cwd })
  const reader = await holdReader(join(cwd, 'data/accounts.db'))
  expect(await ingest(server, 'a.parquet')).toMatchObject({ userErrors: [] })
  await server.stop()
  await reader.release()
  expect(server.process.stderr).toMatch(/accounts\.db-wal holds what \S+accounts\.db lacks, .* npm run snapshot\.\n$/)
  const quiet = await programs.serve({ cwd })
  await quiet.stop()
  expect(quiet.process.stderr).toBe('')
})
