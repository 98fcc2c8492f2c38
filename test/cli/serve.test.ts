import { existsSync } from 'node:fs'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Database } from '../../src/storage/sqlite/connection/driver.ts'
import { migrateDatabase } from '../../src/storage/sqlite/database.ts'
import { writeDrop } from '../support/program/drops.ts'
import { usePrograms } from '../support/program/programs.ts'
import { tableOf } from '../support/program/table.ts'

const programs = usePrograms()

const DEMO = 'The database is empty: ingesting the bundled demo data, sample_accounts.parquet.'
const AT = '2024-05-01T12:00:00Z'

/** A folder with small data where the bundled data would lie. */
async function folderWithDemo(): Promise<string> {
  const cwd = await programs.folder()
  await writeDrop(join(cwd, 'data/sample_accounts.parquet'), [
    { account: 1, count: 5_000, at: AT },
    { account: 2, count: -1, at: AT },
  ])
  return cwd
}

describe('serve', () => {
  test('fills an empty default database with the demo data, and says so; once', async () => {
    const cwd = await folderWithDemo()
    const first = await programs.serve({ cwd })
    const { stdout, stderr } = first.process
    expect(stdout.indexOf(DEMO)).toBe(0)
    expect(stdout).toContain('It is made up. --no-demo leaves the database empty, npm run reset empties it again.')
    expect(tableOf(stdout)).toMatchObject({ 'rows read': ['2'], inserted: ['1'], rejected: ['1'] })
    expect(stdout).toContain('1 accounts above 1,000 subscribers, 1 measurements, as of 2024-05-01T12:00:00.000Z')
    expect(stderr).toBe('')
    await first.stop()
    const second = await programs.serve({ cwd })
    expect(second.process.stdout).not.toContain('demo')
    expect(second.process.stdout).toContain('1 accounts above 1,000 subscribers')
    await second.stop()
  })

  test('leaves it out when told to, and for a database or a data directory of the user', async () => {
    const started = await Promise.all([
      folderWithDemo().then(cwd => programs.serve({ cwd, args: ['--no-demo'] })),
      folderWithDemo().then(cwd => programs.serve({ cwd, env: { DATABASE_URL: 'file:data/mine.db' } })),
      folderWithDemo().then(cwd => programs.serve({ cwd, env: { DATA_DIR: join(cwd, 'data') } })),
    ])
    for (const server of started) {
      expect(server.process.stdout).not.toContain('demo')
      expect(server.process.stdout).toContain('0 accounts above 1,000 subscribers')
    }
    await Promise.all(started.map(server => server.stop()))
  })

  test('2: tells every wrong setting at once, before it touches anything', async () => {
    const cwd = await programs.folder()
    const env = { PORT: 'abc', DATABASE_URL: 'postgres://user:secret@host/x', LOG_LEVEL: 'loud', HOST: '' }
    const [all, port] = await Promise.all([
      programs.run(['serve', '--data-dir', ''], { cwd, env }),
      programs.run(['serve', '--port', '70000'], { cwd, env: { PORT: '4000' } }),
    ])
    expect({ ...all, stderr: all.stderr.trim().split('\n').sort() }).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: [
        'DATABASE_URL has the scheme postgres:, of which none but file: is supported. Write it as file:data/accounts.db',
        'DATA_DIR must be a directory',
        'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent',
        'PORT must be a port from 0 to 65535 (0 picks a free one)',
        'Wrong configuration:',
      ],
    })
    const line = 'Wrong configuration:\nPORT must be a port from 0 to 65535 (0 picks a free one)\n'
    expect(port).toEqual({ exitCode: 2, stdout: '', stderr: line })
    expect(existsSync(join(cwd, 'data/accounts.db'))).toBe(false)
  })

  test('0: tells its version, and how it is used', async () => {
    const cwd = await programs.folder()
    const [version, help] = await Promise.all(['--version', '--help'].map(flag => programs.run([flag], { cwd })))
    expect(version).toEqual({ exitCode: 0, stderr: '', stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
    expect(help).toMatchObject({ exitCode: 0, stderr: '' })
    for (const command of ['serve', 'ingest', 'reset']) expect(help!.stdout).toContain(command)
  })
})

describe('reset', () => {
  async function folderWithDatabase(): Promise<{ cwd: string; isThere(): boolean }> {
    const cwd = await programs.folder()
    const files = ['accounts.db', 'accounts.db-wal', 'accounts.db-shm'].map(name => join(cwd, 'data', name))
    migrateDatabase(files[0]!)
    for (const file of files.slice(1)) await writeFile(file, '')
    return { cwd, isThere: () => files.some(file => existsSync(file)) }
  }

  test('keeps the database unless it is answered with yes', async () => {
    const inputs = ['', '\n', 'no\n', 'yess\n']
    await Promise.all(
      inputs.map(async input => {
        const { cwd, isThere } = await folderWithDatabase()
        const { stdout, stderr, exitCode } = await programs.run(['reset'], { cwd, input })
        expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
        expect(stdout).toContain('Delete everything in data/accounts.db? [y/N] ')
        expect(stdout).toMatch(/Nothing was deleted\.\n$/)
        expect(isThere()).toBe(true)
      }),
    )
  })

  test('deletes what is damaged, and nothing that is not ours', async () => {
    const cwd = await programs.folder()
    const path = join(cwd, 'data/accounts.db')
    const foreign = new Database(path)
    foreign.exec('CREATE TABLE note (text)')
    foreign.close()
    const refused = await programs.run(['reset', '--yes'], { cwd })
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('FOREIGN_DATABASE') })
    await writeFile(path, 'my notes')
    const unknown = await programs.run(['reset', '--yes'], { cwd })
    expect(unknown).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('NOT_A_DATABASE') })
    expect(await readdir(join(cwd, 'data'))).toEqual(['accounts.db'])
    await rm(path)
    migrateDatabase(path)
    await writeFile(path, (await readFile(path)).fill(1, 100, 8_000))
    expect(await programs.run(['reset', '--yes'], { cwd })).toMatchObject({ exitCode: 0, stderr: '' })
    expect(existsSync(path)).toBe(false)
  })

  test('deletes it when it is answered with yes, or told beforehand', async () => {
    const runs: [args: string[], input: string][] = [
      [['reset'], 'y\n'],
      [['reset'], 'YES\n'],
      [['reset', '--yes'], ''],
    ]
    await Promise.all(
      runs.map(async ([args, input]) => {
        const { cwd, isThere } = await folderWithDatabase()
        const { stdout, stderr, exitCode } = await programs.run(args, { cwd, input })
        expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
        expect(stdout).toMatch(/data\/accounts\.db is empty now\.\n$/)
        expect(stdout.includes('[y/N]')).toBe(input !== '')
        expect(isThere()).toBe(false)
      }),
    )
  })

  test('has nothing to do where there is no database, nor a folder for it', async () => {
    const cwd = await programs.folder()
    const env = { DATABASE_URL: 'file:no/such/folder/x.db' }
    const { stdout, ...rest } = await programs.run(['reset'], { cwd, env })
    expect(rest).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toBe('There is no database no/such/folder/x.db: nothing to delete.\n')
  })

  test('1: is refused while a server runs', async () => {
    const cwd = await programs.folder()
    const server = await programs.serve({ cwd })
    const { exitCode, stderr } = await programs.run(['reset', '--yes'], { cwd })
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^DATABASE_BUSY: .*data\/accounts\.db.*Stop it/)
    expect(existsSync(join(cwd, 'data/accounts.db'))).toBe(true)
    expect(await server.ask('{ dataset { measurementCount } }')).toEqual({ dataset: { measurementCount: 0 } })
    await server.stop()
    expect(await programs.run(['reset', '--yes'], { cwd })).toMatchObject({ exitCode: 0 })
    expect(existsSync(join(cwd, 'data/accounts.db'))).toBe(false)
  })
})
