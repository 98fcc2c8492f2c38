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

testWithFullDisk('a command completes when standard output is full, and its exit code reports the error', async () => {
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

testWithFullDisk('the exit code of a failure wins over that of a full standard output', async () => {
  await onFullDisk(async full => {
    const redirect = { stdout: full, stderr: full }
    expect(await programs.run(['ingest', 'none.parquet', 'b.parquet'], { cwd, redirect })).toMatchObject({
      exitCode: 1,
    })
    expect(await programs.run(['ingest', '--fast'], { cwd, redirect })).toMatchObject({ exitCode: 2 })
  })
  expect(await ingested()).toBe('a.parquet false, b.parquet true')
})

test('files are ingested when the reader of standard error has exited', async () => {
  await writeFile(join(cwd, 'none'), 'nothing of the kind')
  const running = programs.start(['ingest', 'none', 'none2', 'a.parquet', 'b.parquet'], { cwd })
  running.hangUp('stderr')
  expect(await running.exited).toEqual({ code: 1, signal: null })
  expect(await ingested()).toBe('a.parquet true, b.parquet true')
})

test('a reader that closes standard output early is not an error', async () => {
  const running = programs.start(['ingest', 'b.parquet'], { cwd })
  running.hangUp('stdout')
  expect(await running.exited).toEqual({ code: 0, signal: null })
  expect(await ingested()).toBe('a.parquet false, b.parquet true')
})
