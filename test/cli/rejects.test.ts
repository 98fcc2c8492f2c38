import { existsSync, readFileSync } from 'node:fs'
import { link, lstat, mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Frozen } from '../faults/support/frozen.ts'
import { type Row, writeBigDrop, writeDrop } from '../support/program/drops.ts'
import { usePrograms } from '../support/program/programs.ts'
import { until } from '../support/until.ts'

const programs = usePrograms()

const AT = '2024-05-01T12:00:00Z'
const DIRTY: Row[] = [
  { account: 1, count: 5_000, at: AT },
  { account: 2, count: 5_000, at: AT },
  { account: 3, count: -1, at: AT },
  { account: 4, count: 5_000, at: '1999-01-01T00:00:00Z' },
]
const NUMBERS = [3, 4]

async function folder(): Promise<string> {
  const cwd = await programs.folder()
  await writeDrop(join(cwd, 'dirty.parquet'), DIRTY)
  await writeDrop(join(cwd, 'drop.bin'), DIRTY.slice(1))
  return cwd
}

function rowNumbers(text: string): number[] {
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => (JSON.parse(line) as { rowNumber: number }).rowNumber)
}

describe('--rejects', () => {
  test('never writes over the database, over what is ingested, or over what looks like it', async () => {
    const cwd = await folder()
    const database = join(cwd, 'data/accounts.db')
    const unmade = await programs.run(['ingest', 'drop.bin', '--rejects', 'data/accounts.db'], { cwd })
    expect(unmade).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('it is a file of the database') })
    expect(existsSync(database)).toBe(false)
    await programs.run(['ingest', 'dirty.parquet'], { cwd })
    await link(join(cwd, 'drop.bin'), join(cwd, 'same.ndjson'))
    await link(database, join(cwd, 'database.ndjson'))
    await mkdir(join(cwd, 'folder'))
    const files = ['data/accounts.db', 'dirty.parquet', 'drop.bin']
    const contents = () => Promise.all(files.map(file => readFile(join(cwd, file))))
    const before = await contents()
    const wrong: [rejects: string, why: string][] = [
      ['data/accounts.db', 'it is a file of the database'],
      ['database.ndjson', 'it is a file of the database'],
      ['data/accounts.db-wal', 'it is a file of the database'],
      ['data/../data/accounts.db.write-lock', 'it is a file of the database'],
      ['drop.bin', 'it is one of the input files'],
      ['same.ndjson', 'it is one of the input files'],
      ['dirty.parquet', 'it has the name of a Parquet file'],
      ['new.PARQUET', 'it has the name of a Parquet file'],
      ['folder', 'it is a directory'],
      ['none/rejects.ndjson', 'its directory does not exist'],
    ]
    const runs = await Promise.all(wrong.map(([to]) => programs.run(['ingest', 'drop.bin', '--rejects', to], { cwd })))
    for (const [i, { exitCode, stdout, stderr }] of runs.entries()) {
      const [to, why] = wrong[i]!
      const message = `Rejected rows cannot be written to ${to}: ${why}. Name another file, or - for standard output.\n`
      expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 2, stdout: '', stderr: message })
    }
    expect(await contents()).toEqual(before)
    expect(await readdir(cwd)).toHaveLength(6)
  })

  test('writes a file anew, behind a link too, and leaves nothing beside it', async () => {
    const cwd = await folder()
    await mkdir(join(cwd, 'far'))
    await writeFile(join(cwd, 'far/rejects.ndjson'), 'from yesterday\n', { mode: 0o600 })
    await symlink('far/rejects.ndjson', join(cwd, 'link.ndjson'))
    const { exitCode } = await programs.run(['ingest', 'dirty.parquet', '--rejects', 'link.ndjson'], { cwd })
    expect(exitCode).toBe(3)
    expect(rowNumbers(await readFile(join(cwd, 'far/rejects.ndjson'), 'utf8'))).toEqual(NUMBERS)
    expect((await lstat(join(cwd, 'link.ndjson'))).isSymbolicLink()).toBe(true)
    expect((await lstat(join(cwd, 'far/rejects.ndjson'))).mode & 0o777).toBe(0o600)
    expect(await readdir(join(cwd, 'far'))).toEqual(['rejects.ndjson'])
    expect((await readdir(cwd)).filter(name => name.startsWith('.'))).toEqual([])
  })

  test('-: the standard output has the rows alone, and the words go where errors go', async () => {
    const cwd = await folder()
    const { exitCode, stdout, stderr } = await programs.run(['ingest', 'dirty.parquet', '--rejects', '-'], { cwd })
    expect({ exitCode, rows: rowNumbers(stdout) }).toEqual({ exitCode: 3, rows: NUMBERS })
    expect(stderr).toContain('dirty.parquet: SUCCEEDED')
    expect(existsSync(join(cwd, '-'))).toBe(false)
    const both = await programs.run(['ingest', 'drop.bin', '--json', '--rejects', '-'], { cwd })
    expect(both).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('--json') })
  })

  test('of a folder that is watched are added to the file as they come', async () => {
    const cwd = await folder()
    await writeFile(join(cwd, 'log.ndjson'), `${JSON.stringify({ rowNumber: 0 })}\n`)
    await mkdir(join(cwd, 'arrivals'))
    const watching = programs.start(['ingest', '--watch', 'arrivals', '--rejects', 'log.ndjson'], { cwd })
    await rename(join(cwd, 'dirty.parquet'), join(cwd, 'arrivals/dirty.parquet'))
    const written = () => rowNumbers(readFileSync(join(cwd, 'log.ndjson'), 'utf8'))
    await until(() => watching.stdout.includes('dirty.parquet: SUCCEEDED'), 'the first file')
    expect(watching.isRunning).toBe(true)
    expect(written()).toEqual([0, ...NUMBERS])
    await rename(join(cwd, 'log.ndjson'), join(cwd, 'log.1.ndjson'))
    await writeDrop(join(cwd, 'next'), DIRTY.slice(0, 3))
    await rename(join(cwd, 'next'), join(cwd, 'arrivals/next.parquet'))
    await until(() => watching.stdout.includes('next.parquet: SUCCEEDED'), 'the next file')
    watching.kill('SIGINT')
    expect(await watching.exited).toEqual({ code: 3, signal: null })
    expect(written()).toEqual([3])
  })

  test('that cannot get their place are kept, and it is said where', async () => {
    const cwd = await folder()
    await writeBigDrop(join(cwd, 'big.parquet'), 0)
    const args = ['ingest', 'dirty.parquet', 'big.parquet', '--rejects', 'rejects.ndjson']
    const running = programs.start(args, { cwd })
    const frozen = await Frozen.in(running, join(cwd, 'data/accounts.db'), 'big.parquet')
    await mkdir(join(cwd, 'rejects.ndjson'))
    frozen.thaw()
    expect(await running.exited).toEqual({ code: 1, signal: null })
    await running.drained()
    const pattern =
      /^Rejected rows could not be written to rejects\.ndjson: it is a directory\. A complete copy is in (.*)\.$/m
    const kept = pattern.exec(running.stderr)![1]!
    expect(rowNumbers(await readFile(kept, 'utf8'))).toEqual(NUMBERS)
  })

  const hasFull = existsSync('/dev/full')
  ;(hasFull ? test : test.skip)('says when they do not fit (skipped where there is no /dev/full)', async () => {
    const cwd = await folder()
    const { exitCode, stdout, stderr } = await programs.run(['ingest', 'dirty.parquet', '--rejects', '/dev/full'], {
      cwd,
    })
    expect(stdout).toContain('dirty.parquet: SUCCEEDED')
    const message = 'Rejected rows could not be written to /dev/full: the disk is full.\n'
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: message })
  })
})
