import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rmdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Database } from '../../src/storage/sqlite/connection/driver.ts'
import { Frozen } from '../faults/support/frozen.ts'
import { BIG_ROWS, type Row, writeBigDrop, writeDrop } from '../support/program/drops.ts'
import { MAIN } from '../support/program/process.ts'
import { usePrograms } from '../support/program/programs.ts'
import { tableOf } from '../support/program/table.ts'

const programs = usePrograms()

const AT = '2024-05-01T12:00:00Z'
const GOOD: Row[] = [
  { account: 1, count: 5_000, at: '2024-04-20T12:00:00Z', categories: 'Gaming' },
  { account: 1, count: 6_000, at: AT, categories: 'Gaming' },
  { account: 2, count: 1_234_567, at: AT },
]
const DIRTY: Row[] = [
  { account: 1, count: 6_500, at: AT, categories: 'Gaming' },
  { account: 2, count: 1_234_567, at: AT },
  { account: 3, count: -1, at: AT },
  { account: 3, count: 5_000, at: '1999-01-01T00:00:00Z' },
]

/** What the ledger of a database says, oldest first. */
function ledger(path: string): unknown[] {
  const database = new Database(path, { readonly: true })
  try {
    // The file is there before its tables are.
    if (database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'ingestion'`).get() === undefined) return []
    return database
      .prepare('SELECT file_name AS file, status, inserted, error_code AS error FROM ingestion ORDER BY id')
      .all()
  } finally {
    database.close()
  }
}

describe('ingest', () => {
  test('0: all rows were taken', async () => {
    const cwd = await programs.folder()
    await rmdir(join(cwd, 'data'))
    await mkdir(join(cwd, 'elsewhere'))
    await writeDrop(join(cwd, 'elsewhere/good.parquet'), GOOD)
    const { stdout, stderr, exitCode } = await programs.run(['ingest', 'elsewhere/good.parquet'], { cwd })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/^good\.parquet: SUCCEEDED\n/)
    expect(stdout).toContain('\n2 accounts above 1,000 subscribers, 3 measurements, as of 2024-05-01T12:00:00.000Z\n')
    expect(tableOf(stdout)).toEqual({
      'rows read': ['3'],
      inserted: ['3'],
      corrected: ['0'],
      unchanged: ['0'],
      rejected: ['0'],
      'new accounts': ['2'],
      'first measured': ['2024-04-20T12:00:00.000Z'],
      'last measured': ['2024-05-01T12:00:00.000Z'],
      'rows per second': [expect.stringMatching(/^[\d,]+$/)],
      'growth known of': ['FIRST_IN_WINDOW', 'AT_WINDOW_START'],
      WEEK: ['0 of 2', '1 of 2'],
      'MONTH (default)': ['1 of 2', '1 of 2'],
      QUARTER: ['1 of 2', '1 of 2'],
      YEAR: ['1 of 2', '1 of 2'],
    })
    expect(stdout).not.toContain('\u001b')
    for (const suffix of ['-wal', '-shm']) expect(existsSync(join(cwd, `data/accounts.db${suffix}`))).toBe(false)
  })

  test('3: some rows were rejected; 1: a file failed, and the others were taken', async () => {
    const cwd = await programs.folder()
    await writeDrop(join(cwd, 'data/good.parquet'), GOOD)
    await writeDrop(join(cwd, 'data/dirty.parquet'), DIRTY)
    await writeDrop(join(cwd, 'data/other.parquet'), [{ account: 9, count: 5_000, at: AT }])
    await writeFile(join(cwd, 'notes.txt'), 'these are no measurements')
    const first = await programs.run(['ingest', 'data/good.parquet', 'data/dirty.parquet'], { cwd })
    expect({ exitCode: first.exitCode, stderr: first.stderr }).toEqual({ exitCode: 3, stderr: '' })
    expect(tableOf(first.stdout.slice(first.stdout.indexOf('dirty.parquet')))).toMatchObject({
      'rows read': ['4'],
      inserted: ['0'],
      corrected: ['1'],
      unchanged: ['1'],
      rejected: ['2'],
      TIMESTAMP_OUT_OF_RANGE: ['1'],
      INVALID_SUBSCRIBER_COUNT: ['1'],
    })
    const paths = ['nothing.parquet', 'data/good.parquet', 'notes.txt', 'data/other.parquet', 'bell\u0007.parquet']
    const second = await programs.run(['ingest', ...paths], { cwd })
    expect(second.exitCode).toBe(1)
    expect(second.stderr.split('\n')).toEqual([
      expect.stringMatching(/^nothing\.parquet: FILE_NOT_FOUND: There is no file nothing\.parquet/),
      expect.stringMatching(/^notes\.txt: NOT_PARQUET: The file is not a Parquet file/),
      expect.stringMatching(/^bell\uFFFD\.parquet: FILE_NOT_FOUND: There is no file bell\uFFFD\.parquet/),
      '',
    ])
    expect(second.stdout).toMatch(
      /^data\/good\.parquet: already ingested on \d{4}-\d\d-\d\dT[\d:.]+Z, nothing changed\n/,
    )
    expect(second.stdout).toContain('other.parquet: SUCCEEDED')
    expect(second.stdout).toContain('notes.txt: FAILED')
    expect(second.stdout).toContain('3 accounts above 1,000 subscribers, 4 measurements')
    expect(ledger(join(cwd, 'data/accounts.db'))).toEqual([
      { file: 'good.parquet', status: 'SUCCEEDED', inserted: 3, error: null },
      { file: 'dirty.parquet', status: 'SUCCEEDED', inserted: 0, error: null },
      { file: 'notes.txt', status: 'FAILED', inserted: 0, error: 'NOT_PARQUET' },
      { file: 'other.parquet', status: 'SUCCEEDED', inserted: 1, error: null },
    ])
  })

  test('takes a file from anywhere into a database anywhere, by settings or by flags', async () => {
    const [cwd, far] = await Promise.all([programs.folder(), programs.folder()])
    await writeDrop(join(far, 'far.parquet'), GOOD)
    await symlink(join(far, 'far.parquet'), join(cwd, 'link.parquet'))
    const url = `file:${join(far, 'new/folder/place.db')}`
    const [set, flagged] = await Promise.all([
      programs.run(['ingest', join(far, 'far.parquet')], {
        cwd,
        env: { DATABASE_URL: url, DATA_DIR: 'no/such/folder' },
      }),
      programs.run(['ingest', '--database-url', 'file:flag.db', 'link.parquet'], {
        cwd,
        env: { DATABASE_URL: 'file:set.db' },
      }),
    ])
    expect([set.exitCode, flagged.exitCode]).toEqual([0, 0])
    for (const path of [join(far, 'new/folder/place.db'), join(cwd, 'flag.db')]) {
      expect(ledger(path)).toEqual([{ file: 'far.parquet', status: 'SUCCEEDED', inserted: 3, error: null }])
    }
    for (const unused of ['set.db', 'data/accounts.db']) expect(existsSync(join(cwd, unused))).toBe(false)
  })

  test('2: wrong usage, reported on standard error', async () => {
    const cwd = await programs.folder()
    const wrong: [args: string[], message: string][] = [
      [[], 'Usage: account-growth'],
      [['ingest'], 'error: '],
      [['ingest', '--fast', 'x.parquet'], "unknown option '--fast'"],
      [['digest', 'x.parquet'], "unknown command 'digest'"],
    ]
    const runs = await Promise.all(wrong.map(([args]) => programs.run(args, { cwd })))
    for (const [i, { exitCode, stdout, stderr }] of runs.entries()) {
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
      expect(stderr).toContain(wrong[i]![1])
    }
    expect(existsSync(join(cwd, 'data/accounts.db'))).toBe(false)
  })

  test('1: what is no database is named, and left alone', async () => {
    const cwd = await programs.folder()
    await writeDrop(join(cwd, 'good.parquet'), GOOD)
    const list = 'a shopping list, long enough to be read as the head of a database\n'.repeat(20)
    await writeFile(join(cwd, 'notes.txt'), list)
    const wrong = ['notes.txt', 'notes.txt/x.db', 'data']
    const runs = await Promise.all(
      wrong.map(path => programs.run(['ingest', 'good.parquet'], { cwd, env: { DATABASE_URL: `file:${path}` } })),
    )
    for (const [i, { exitCode, stdout, stderr }] of runs.entries()) {
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
      expect(stderr.split('\n')).toEqual([
        expect.stringMatching(new RegExp(`(^|: )${wrong[i]}(:| is not a SQLite database)`)),
        '',
      ])
    }
    expect(await readFile(join(cwd, 'notes.txt'), 'utf8')).toBe(list)
  })

  test('stopped by Ctrl-C takes nothing of the file under way, and goes on to no other', async () => {
    const cwd = await programs.folder()
    await writeBigDrop(join(cwd, 'big.parquet'), 0)
    await writeDrop(join(cwd, 'good.parquet'), GOOD)
    const running = programs.start(['ingest', 'big.parquet', 'good.parquet'], { cwd })
    const frozen = await Frozen.in(running, join(cwd, 'data/accounts.db'), 'big.parquet')
    running.kill('SIGINT')
    frozen.thaw()
    expect(await running.exited).toEqual({ code: 1, signal: null })
    await running.drained()
    expect(running.stderr).toContain('big.parquet: INGESTION_CANCELLED')
    expect(ledger(join(cwd, 'data/accounts.db'))).toEqual([
      { file: 'big.parquet', status: 'CANCELLED', inserted: 0, error: 'INGESTION_CANCELLED' },
    ])
  })
})

describe('progress on a terminal', () => {
  const hasScript = canScript()
  if (!hasScript) console.warn('the command "script" of util-linux is absent: no terminal to try the progress bar on')

  ;(hasScript ? test : test.skip)('is a bar (skipped where there is no "script" command)', async () => {
    const cwd = await programs.folder()
    await writeBigDrop(join(cwd, 'big.parquet'), 0)
    const command = `'${process.execPath}' '${MAIN}' ingest big.parquet`
    const env = { PATH: process.env.PATH, TERM: 'xterm', COLUMNS: '120' }
    const script = spawn('script', ['-qec', command, '/dev/null'], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] })
    let screen = ''
    script.stdout.setEncoding('utf8').on('data', (text: string) => (screen += text))
    const [code] = await once(script, 'close')
    expect(code).toBe(0)
    expect(screen).toMatch(/[█░]+ \d+ % \| [\d,]+ of 200,000 rows \| [\d,]+ rows\/s \| (\d+ s|\?) left/)
    expect(screen).toContain('big.parquet: SUCCEEDED')
    expect(tableOf(screen.replaceAll('\r', '')).inserted).toEqual([BIG_ROWS.toLocaleString('en-US')])
    // The cursor, hidden while the bar is drawn, is back.
    expect(screen.lastIndexOf('\u001b[?25h')).toBeGreaterThan(screen.lastIndexOf('\u001b[?25l'))
  })
})

function canScript(): boolean {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8', stdio: 'pipe' }).includes('util-linux')
  } catch {
    return false
  }
}
