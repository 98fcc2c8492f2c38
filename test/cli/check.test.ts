import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RULES } from '../../src/storage/sqlite/check/rules.ts'
import { Database } from '../../src/storage/sqlite/connection/driver.ts'
import { migrateDatabase } from '../../src/storage/sqlite/database.ts'
import { openLog } from '../faults/support/open-log.ts'
import { fillEveryTable } from '../support/database/every-table.ts'
import { usePrograms } from '../support/program/programs.ts'

const programs = usePrograms()

async function folderWith(sql?: string): Promise<{ cwd: string; path: string }> {
  const cwd = await programs.folder()
  const path = join(cwd, 'data/accounts.db')
  migrateDatabase(path)
  await fillEveryTable(path)
  if (sql !== undefined) {
    const database = new Database(path)
    database.exec(sql)
    database.close()
  }
  return { cwd, path }
}

const WRONG_COUNT = 'UPDATE account SET year_first_count = year_first_count + 1'

describe('check', () => {
  test('0: a sound database, by default that of the configuration', async () => {
    const { cwd } = await folderWith()
    const expected = {
      exitCode: 0,
      stderr: '',
      stdout: 'data/accounts.db is sound: 11 measurements of 6 accounts, as of 2024-05-30T23:59:59.999Z.\n',
    }
    expect(await programs.run(['check'], { cwd })).toEqual(expected)
    expect(await programs.run(['check', 'data/accounts.db'], { cwd, env: { DATABASE_URL: 'file:other.db' } })).toEqual(
      expected,
    )
    expect(existsSync(join(cwd, 'data/accounts.db.write-lock'))).toBe(true)
  })

  test('a log that could not be emptied meanwhile is emptied when the database is sound', async () => {
    const { cwd, path } = await folderWith()
    const log = openLog(path)
    expect(await programs.run(['check'], { cwd })).toMatchObject({ exitCode: 0 })
    expect(log.size()).toBe(0)
    log.close()
  })

  test('1: reports what is wrong, and repairs it with --repair', async () => {
    const { cwd } = await folderWith(WRONG_COUNT)
    const { stdout, ...rest } = await programs.run(['check'], { cwd })
    expect(rest).toEqual({ exitCode: 1, stderr: '' })
    expect(stdout.split('\n')).toEqual([
      'data/accounts.db is not sound.',
      '',
      `account-growth: ${RULES['account-growth'].says} (account, 4 times)`,
      expect.stringMatching(/^ {2}00000000-0000-4000-8000-000000000001 year_first: \d+ at .+, should be \d+ at .+$/),
      ...Array(3).fill(expect.stringContaining('year_first')),
      '',
      'Only derived data is wrong: --repair recomputes it from the measurements.',
      '',
    ])
    const repair = await programs.run(['check', '--repair'], { cwd })
    expect({ ...repair, stdout: repair.stdout.split('\n').slice(0, 4) }).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: [
        expect.stringContaining('is sound: 11 measurements'),
        '',
        'Repaired:',
        expect.stringContaining('account-growth'),
      ],
    })
    expect(await programs.run(['check'], { cwd })).toMatchObject({ exitCode: 0 })
  })

  test('fails when measurements are lost, and repairs nothing', async () => {
    const { cwd, path } = await folderWith(
      'PRAGMA foreign_keys = OFF; DELETE FROM measurement WHERE subscriber_count = 1000',
    )
    const before = readFileSync(path)
    const { stdout, exitCode } = await programs.run(['check', '--repair'], { cwd })
    expect(exitCode).toBe(1)
    expect(stdout).toContain('ledger-inserted: ')
    expect(stdout).toContain('replace the file with an earlier snapshot')
    expect(readFileSync(path)).toEqual(before)
  })

  test('--json: one object', async () => {
    const { cwd } = await folderWith(WRONG_COUNT)
    const found = JSON.parse((await programs.run(['check', '--json'], { cwd })).stdout)
    expect(found).toEqual({
      file: 'data/accounts.db',
      isSound: false,
      findings: [{ rule: 'account-growth', ...RULES['account-growth'], count: 4, examples: expect.any(Array) }],
      counted: { measurements: 11, accounts: 6, asOf: Date.parse('2024-05-30T23:59:59.999Z') },
      isBeingWritten: false,
      repaired: [],
    })
    const repaired = JSON.parse((await programs.run(['check', '--json', '--repair'], { cwd })).stdout)
    expect(repaired).toMatchObject({ isSound: true, findings: [], repaired: [{ rule: 'account-growth', count: 4 }] })
  })

  test('1: what is no database of this program is named, and left alone', async () => {
    const { cwd } = await folderWith()
    await writeFile(join(cwd, 'text.db'), 'account_id,subscriber_count\n'.repeat(100))
    new Database(join(cwd, 'theirs.db')).exec('PRAGMA journal_mode = WAL; CREATE TABLE notes (text)').close()
    const wanted = [
      ['none.db', 'NO_DATABASE'],
      ['text.db', 'NOT_A_DATABASE'],
      ['data', 'NOT_A_DATABASE'],
      ['theirs.db', 'FOREIGN_DATABASE'],
    ]
    for (const [file, code] of wanted) {
      const { exitCode, stderr } = await programs.run(['check', file!, '--repair'], { cwd })
      expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining(`${code}: `) })
      expect(stderr).toContain(file)
      const beside = ['-wal', '-shm', '.write-lock'].filter(suffix => existsSync(join(cwd, file! + suffix)))
      expect([file, beside]).toEqual([file, []])
    }
  })
})
