import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, lstat, mkdir, open, readdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { holdReader } from '../faults/support/holder.ts'
import { inspect } from '../faults/support/inspect.ts'
import { readerProcessesOf } from '../support/program/children.ts'
import { type Row, writeDrop } from '../support/program/drops.ts'
import { ingest } from '../support/program/ingest.ts'
import { MAIN } from '../support/program/process.ts'
import { usePrograms } from '../support/program/programs.ts'
import { until } from '../support/until.ts'
import { makeCategoriesEndless } from '../workers/support/endless.ts'

const programs = usePrograms()
const PAGE_BYTES = 4096
const ELSEWHERE = 'Name another file, or - for standard output.\n'
let cwd: string

/** One into which a.parquet was ingested. */
let database: string

const ROWS: Row[] = [{ account: 1, count: 5_000, at: '2024-05-01T12:00:00Z' }]

beforeAll(async () => {
  const folder = await programs.folder()
  await writeDrop(join(folder, 'data/a.parquet'), ROWS)
  expect(await programs.run(['ingest', 'data/a.parquet'], { cwd: folder })).toMatchObject({ exitCode: 0 })
  database = join(folder, 'data/accounts.db')
})

beforeEach(async () => {
  cwd = await programs.folder()
  await writeDrop(join(cwd, 'data/a.parquet'), ROWS)
})

test('a directory that does not exist cannot be watched', async () => {
  for (const name of ['nowhere', 'data/a.parquet']) {
    const { exitCode, stdout, stderr } = await programs.run(['ingest', '--watch', name], { cwd })
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(`${name} is not a directory. Create it, or name another directory to watch.`)
  }
  expect(await readdir(join(cwd, 'data'))).toEqual(['a.parquet'])
})

test('an export to a directory that does not exist fails before anything is written', async () => {
  await copyFile(database, join(cwd, 'data/accounts.db'))
  const { exitCode, stderr } = await programs.run(['export', '--out', 'nowhere/out.csv'], { cwd })
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: `The export cannot be written to nowhere/out.csv: its directory does not exist. ${ELSEWHERE}`,
  })
})

test('an export does not overwrite the database', async () => {
  await copyFile(database, join(cwd, 'data/accounts.db'))
  for (const out of ['data/accounts.db', 'data/../data/accounts.db-wal']) {
    const { exitCode, stderr } = await programs.run(['export', '--format', 'csv', '--out', out], { cwd })
    const why = 'it is a file of the database'
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: `The export cannot be written to ${out}: ${why}. ${ELSEWHERE}`,
    })
  }
  expect(await programs.run(['check'], { cwd })).toMatchObject({ exitCode: 0 })
})

test('an export follows links, keeps the permissions of the file it replaces, and writes to pipes', async () => {
  await copyFile(database, join(cwd, 'data/accounts.db'))
  await writeFile(join(cwd, 'private.csv'), 'from yesterday', { mode: 0o600 })
  await symlink('private.csv', join(cwd, 'link.csv'))
  execFileSync('mkfifo', [join(cwd, 'pipe')])
  const read = readFile(join(cwd, 'pipe'), 'utf8')
  const runs = await Promise.all([
    programs.run(['export', '--out', 'link.csv'], { cwd }),
    programs.run(['export', '--out', 'pipe', '--format', 'csv'], { cwd }),
  ])
  expect(runs).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }])
  const written = await readFile(join(cwd, 'private.csv'), 'utf8')
  expect(written.split('\r\n')).toHaveLength(3)
  expect(await read).toBe(written)
  expect((await lstat(join(cwd, 'link.csv'))).isSymbolicLink()).toBe(true)
  expect((await lstat(join(cwd, 'private.csv'))).mode & 0o777).toBe(0o600)
  expect((await lstat(join(cwd, 'pipe'))).isFIFO()).toBe(true)
  expect((await readdir(cwd)).sort()).toEqual(['data', 'link.csv', 'pipe', 'private.csv'])
})

const hasDescriptors = existsSync('/dev/stdout')
;(hasDescriptors ? test : test.skip)(
  'an export to /dev/stdout appends only the export (skipped where there is no /dev/stdout)',
  async () => {
    await copyFile(database, join(cwd, 'data/accounts.db'))
    const run = `'${process.execPath}' '${MAIN}' export --format csv --out`
    execFileSync('sh', ['-c', `{ echo HEAD; ${run} /dev/stdout; ${run} -; echo TAIL; } > all.csv 2> words`], { cwd })
    const [head, ...lines] = (await readFile(join(cwd, 'all.csv'), 'utf8')).split('\n')
    expect([head, lines.length, lines.slice(-2)]).toEqual(['HEAD', 6, ['TAIL', '']])
    expect(lines.slice(0, 2)).toEqual(lines.slice(2, 4))
    expect(await readFile(join(cwd, 'words'), 'utf8')).toMatch(/^(-: 1 accounts, .*\n){2}$/)
  },
)

test.each([
  ['', 'the name is empty'],
  [`${'x'.repeat(252)}.csv`, 'the name is too long'],
])('an export to %j fails before anything is written', async (out, why) => {
  await copyFile(database, join(cwd, 'data/accounts.db'))
  const result = await programs.run(['export', '--format', 'csv', '--out', out], { cwd })
  expect(result).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: `The export cannot be written to ${out}: ${why}. ${ELSEWHERE}`,
  })
})

const hasFull = existsSync('/dev/full')
;(hasFull ? test : test.skip)('an export reports a full disk (skipped where there is no /dev/full)', async () => {
  await copyFile(database, join(cwd, 'data/accounts.db'))
  expect(await programs.run(['export', '--out', '/dev/full', '--format', 'csv'], { cwd })).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: 'The export could not be written to /dev/full: the disk is full.\n',
  })
})

test('the content of the database is printed only when a file succeeded', async () => {
  await writeFile(join(cwd, 'data/b.parquet'), 'nothing of the kind')
  const refused = await programs.run(['ingest', 'data/b.parquet', 'data/c.parquet'], { cwd })
  expect(refused).toMatchObject({ exitCode: 1, stdout: 'b.parquet: FAILED\n' })
  const { stdout } = await programs.run(['ingest', 'data/b.parquet', 'data/a.parquet'], { cwd })
  expect(stdout).toContain('1 accounts above 1,000 subscribers')
})

test('an ingestion reports a damaged database', async () => {
  await copyFile(database, join(cwd, 'data/accounts.db'))
  await truncate(join(cwd, 'data/accounts.db'), 20_000)
  const { exitCode, stderr } = await programs.run(['ingest', 'data/a.parquet'], { cwd })
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(/^DATABASE_DAMAGED: data\/accounts\.db is damaged: SQLite cannot read it\./m)
})

test('an export reports damage that only an export reads', async () => {
  await copyFile(database, join(cwd, 'data/accounts.db'))
  await damageTable(join(cwd, 'data/accounts.db'), 'account')
  expect(await programs.run(['export', '--out', 'all.csv'], { cwd })).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: 'DATABASE_DAMAGED: data/accounts.db is damaged: SQLite cannot read it. Replace it with a snapshot.\n',
  })
  expect((await readdir(cwd)).sort()).toEqual(['data'])
})

test('an ingestion reports damage that only an ingestion reads', async () => {
  await copyFile(database, join(cwd, 'data/accounts.db'))
  await writeDrop(join(cwd, 'data/b.parquet'), [{ account: 2, count: 5_000, at: '2024-05-02T12:00:00Z' }])
  await damageTable(join(cwd, 'data/accounts.db'), 'measurement')
  const { exitCode, stderr } = await programs.run(['ingest', 'data/b.parquet'], { cwd })
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: 'DATABASE_DAMAGED: data/accounts.db is damaged: SQLite cannot read it. Replace it with a snapshot.\n',
  })
})

/** Overwrites the page that a table begins with. */
async function damageTable(path: string, table: string): Promise<void> {
  const root = inspect(path, database =>
    database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(table),
  ) as number
  const file = await open(path, 'r+')
  await file.write(Buffer.alloc(PAGE_BYTES, 0xff), 0, PAGE_BYTES, (root - 1) * PAGE_BYTES)
  await file.close()
}

test('the server reports a write-ahead log that another reader kept from being emptied', async () => {
  const server = await programs.serve({ cwd })
  const reader = await holdReader(join(cwd, 'data/accounts.db'))
  expect(await ingest(server, 'a.parquet')).toMatchObject({ userErrors: [] })
  await server.stop()
  await reader.release()
  expect(server.process.stderr).toMatch(
    /accounts\.db-wal holds changes that are not in \S+accounts\.db yet, .* npm run snapshot\.\n$/,
  )
  const quiet = await programs.serve({ cwd })
  await quiet.stop()
  expect(quiet.process.stderr).toBe('')
})

test('control characters in a file name are not printed', async () => {
  const name = 'a\u001b[31m\nb.db'
  const shown = 'a\uFFFD[31m\uFFFDb.db'
  await copyFile(database, join(cwd, 'data/accounts.db'))
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

test('a snapshot without a name fails', async () => {
  expect(await programs.run(['snapshot', ''], { cwd })).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: 'The name of the snapshot is empty. Name the file to create.\n',
  })
})

test.each(['ingest', 'serve'])('%s names a file that is in the place of a directory', async command => {
  await mkdir(join(cwd, 'sub'), { recursive: true })
  await writeFile(join(cwd, 'sub/afile'), 'notes')
  const args = command === 'ingest' ? ['data/a.parquet'] : []
  const env = { DATABASE_URL: 'file:sub/afile/x.db' }
  expect(await programs.run([command, ...args], { cwd, env })).toEqual({
    exitCode: 1,
    stdout: '',
    stderr:
      'NO_DATABASE: sub/afile/x.db: sub/afile is not a directory. Choose another path, or move the file that is there.\n',
  })
})

test('an export that is interrupted says so and leaves no file', async () => {
  await copyFile(database, join(cwd, 'data/accounts.db'))
  makeCategoriesEndless(join(cwd, 'data/accounts.db'))
  const running = programs.start(['export', '--out', 'all.csv'], { cwd })
  await until(() => readerProcessesOf(running.pid).length > 0, 'it to read')
  running.kill('SIGINT')
  expect(await running.exited).toEqual({ code: 1, signal: null })
  await running.drained()
  expect(running.stderr).toBe('QUERY_INTERRUPTED: The export was stopped before it was complete.\n')
  expect(existsSync(join(cwd, 'all.csv'))).toBe(false)
})
