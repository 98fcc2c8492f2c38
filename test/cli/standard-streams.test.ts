import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onFullDisk, testWithFullDisk } from '../support/full-disk.ts'
import { writeDrop } from '../support/program/drops.ts'
import { usePrograms } from '../support/program/programs.ts'

const programs = usePrograms()
const AT = '2024-05-01T12:00:00Z'
const LOST = 'Standard output could not be written (ENOSPC).\n'
let cwd: string

beforeAll(async () => {
  cwd = await programs.folder()
  await writeDrop(join(cwd, 'a.parquet'), [
    { account: 1, count: 5_000, at: AT },
    { account: 2, count: -1, at: AT },
  ])
  await writeDrop(join(cwd, 'b.parquet'), [{ account: 3, count: 5_000, at: AT }])
})

beforeEach(() => rm(join(cwd, 'data/accounts.db'), { force: true }))

/** What the ledger holds, as files. */
async function ingested(): Promise<string> {
  const { stdout } = await programs.run(['ingest', '--json', 'a.parquet', 'b.parquet'], { cwd })
  const lines = stdout.trimEnd().split('\n')
  return lines
    .map(line => JSON.parse(line))
    .map(({ file, alreadyIngested }) => `${file} ${alreadyIngested}`)
    .join(', ')
}

testWithFullDisk('what is asked is done when the standard output is full, and the exit code tells', async () => {
  const args = ['ingest', 'a.parquet', 'b.parquet', '--rejects', 'rejected.ndjson']
  await onFullDisk(async stdout => {
    const redirect = { stdout }
    expect(await programs.run(args, { cwd, redirect })).toMatchObject({ exitCode: 1, stderr: LOST })
    expect(await ingested()).toBe('a.parquet true, b.parquet true')
    for (const args of [['check'], ['snapshot', 'copy.db'], ['--help']]) {
      expect(await programs.run(args, { cwd, redirect })).toMatchObject({ exitCode: 1, stderr: LOST })
    }
    expect(await programs.run(['export', '--out', '-', '--format', 'csv'], { cwd, redirect })).toMatchObject({
      exitCode: 1,
      stderr: 'The export could not be written to -: the disk is full.\n',
    })
  })
  expect((await readdir(cwd)).sort()).toEqual(['a.parquet', 'b.parquet', 'copy.db', 'data', 'rejected.ndjson'])
})

testWithFullDisk('a failure weighs more than what could not be told of it', async () => {
  await onFullDisk(async full => {
    const redirect = { stdout: full, stderr: full }
    expect(await programs.run(['ingest', 'none.parquet', 'b.parquet'], { cwd, redirect })).toMatchObject({
      exitCode: 1,
    })
    expect(await programs.run(['ingest', '--fast'], { cwd, redirect })).toMatchObject({ exitCode: 2 })
  })
  expect(await ingested()).toBe('a.parquet false, b.parquet true')
})

test('files are ingested although nobody reads the standard error any more', async () => {
  await writeFile(join(cwd, 'none'), 'nothing of the kind')
  const running = programs.start(['ingest', 'none', 'none2', 'a.parquet', 'b.parquet'], { cwd })
  running.hangUp('stderr')
  expect(await running.exited).toEqual({ code: 1, signal: null })
  expect(await ingested()).toBe('a.parquet true, b.parquet true')
})

test('who has seen enough of the standard output is no fault', async () => {
  const running = programs.start(['ingest', 'b.parquet'], { cwd })
  running.hangUp('stdout')
  expect(await running.exited).toEqual({ code: 0, signal: null })
  expect(await ingested()).toBe('a.parquet false, b.parquet true')
})
