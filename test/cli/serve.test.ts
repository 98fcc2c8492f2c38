import { existsSync } from 'node:fs'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Database } from '../../src/storage/sqlite/connection/driver.ts'
import { migrateDatabase } from '../../src/storage/sqlite/database.ts'
import { writeDrop } from '../support/program/drops.ts'
import { ProgramProcess } from '../support/program/process.ts'
import { usePrograms } from '../support/program/programs.ts'
import { tableOf } from '../support/program/table.ts'
import { until } from '../support/until.ts'

const programs = usePrograms()

const DEMO = 'The database is empty: loading the sample data, sample_accounts.parquet.'
const AT = '2024-05-01T12:00:00Z'

/** A folder with a small file in place of the sample data. */
async function folderWithDemo(): Promise<string> {
  const cwd = await programs.folder()
  await writeDrop(join(cwd, 'data/sample_accounts.parquet'), [
    { account: 1, count: 5_000, at: AT },
    { account: 2, count: -1, at: AT },
  ])
  return cwd
}

describe('serve', () => {
  test('loads the sample data into an empty default database, once', async () => {
    const cwd = await folderWithDemo()
    const first = await programs.serve({ cwd })
    const { stdout, stderr } = first.process
    expect(stdout.indexOf(DEMO)).toBe(0)
    expect(stdout).toContain(
      'It is made up. Start with --no-demo to keep the database empty; npm run reset deletes the data.',
    )
    expect(tableOf(stdout)).toMatchObject({ 'rows read': ['2'], inserted: ['1'], rejected: ['1'] })
    expect(stdout).toContain('1 accounts above 1,000 subscribers, 1 measurements, as of 2024-05-01T12:00:00.000Z')
    expect(stderr).toBe('')
    await first.stop()
    const second = await programs.serve({ cwd })
    expect(second.process.stdout).not.toContain('sample data')
    expect(second.process.stdout).toContain('1 accounts above 1,000 subscribers')
    await second.stop()
  })

  test('does not load it with --no-demo, or with another database or data directory', async () => {
    const started = await Promise.all([
      folderWithDemo().then(cwd => programs.serve({ cwd, args: ['--no-demo'] })),
      folderWithDemo().then(cwd => programs.serve({ cwd, env: { DATABASE_URL: 'file:data/mine.db' } })),
      folderWithDemo().then(cwd => programs.serve({ cwd, env: { DATA_DIR: join(cwd, 'data') } })),
    ])
    for (const server of started) {
      expect(server.process.stdout).not.toContain('sample data')
      expect(server.process.stdout).toContain('0 accounts above 1,000 subscribers')
    }
    await Promise.all(started.map(server => server.stop()))
  })

  test('copies the sample data of the package into a directory that has none', async () => {
    const cwd = await programs.folder()
    const program = new ProgramProcess(['serve', '--port', '0'], { cwd })
    await until(() => program.stdout.includes('Press Ctrl-C to stop.'), 'the server to start')
    expect(program.stdout.indexOf(DEMO)).toBe(0)
    expect((await readdir(join(cwd, 'data'))).filter(name => name.endsWith('.parquet')).sort()).toEqual([
      'add_accounts.parquet',
      'sample_accounts.parquet',
    ])
    program.kill('SIGTERM')
    expect(await program.exited).toEqual({ code: 0, signal: null })
  })

  test('prints what is in the database, its addresses and how to stop it', async () => {
    const server = await programs.serve({ cwd: await programs.folder() })
    expect(server.process.stdout.split('\n')).toEqual([
      expect.stringMatching(/^account-growth \d+\.\d+\.\d+, database data\/accounts\.db$/),
      '0 accounts above 1,000 subscribers, 0 measurements, as of -',
      `Listening on ${server.origin}`,
      `Charts: ${server.origin}/charts`,
      `GraphQL: ${server.origin}/graphql (in a browser: Apollo Sandbox with example queries)`,
      'Access without a token: every program on this machine may do everything.',
      'Press Ctrl-C to stop.',
      '',
    ])
  })

  test('exits with 2 and names every invalid setting, before it creates a file', async () => {
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
        'DATABASE_URL must start with `file:`, for example `file:data/accounts.db`',
        'DATA_DIR must be a directory',
        'Invalid configuration:',
        'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent',
        'PORT must be a port from 0 to 65535 (0 picks a free one)',
      ],
    })
    const line = 'Invalid configuration:\nPORT must be a port from 0 to 65535 (0 picks a free one)\n'
    expect(port).toEqual({ exitCode: 2, stdout: '', stderr: line })
    expect(existsSync(join(cwd, 'data/accounts.db'))).toBe(false)
  })

  test('prints its version and its usage', async () => {
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

  test('keeps the database unless the answer is yes', async () => {
    const inputs = ['', '\n', 'no\n', 'yess\n']
    await Promise.all(
      inputs.map(async input => {
        const { cwd, isThere } = await folderWithDatabase()
        const { stdout, stderr, exitCode } = await programs.run(['reset'], { cwd, input })
        expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
        expect(stdout).toContain('Delete the database data/accounts.db? [y/N] ')
        expect(stdout).toMatch(/Nothing was deleted\.\n$/)
        expect(isThere()).toBe(true)
      }),
    )
  })

  test("deletes a damaged database, but no other program's file", async () => {
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

  test('deletes the database when the answer is yes, or with --yes', async () => {
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
        expect(stdout).toMatch(/Deleted the database data\/accounts\.db\.\n$/)
        expect(stdout.includes('[y/N]')).toBe(input !== '')
        expect(isThere()).toBe(false)
      }),
    )
  })

  test('has nothing to do when the database or its directory does not exist', async () => {
    const cwd = await programs.folder()
    const env = { DATABASE_URL: 'file:no/such/folder/x.db' }
    const { stdout, ...rest } = await programs.run(['reset'], { cwd, env })
    expect(rest).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toBe('The database no/such/folder/x.db does not exist: nothing to delete.\n')
  })

  test('fails while a server runs', async () => {
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
