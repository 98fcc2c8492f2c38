/** Runs the queries and commands that README and docs print, and compares the answers. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import manifest from '../../package.json' with { type: 'json' }
import { Database } from '../../src/storage/sqlite/connection/driver.ts'
import { provideDemoData } from '../support/demo-data.ts'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'
import { argumentsOf, commands, cutLike, type Example, examples } from './examples.ts'

const PAGES = [
  'README.md',
  'docs/querying.md',
  'docs/ingesting.md',
  'docs/exports.md',
  'docs/database.md',
  'docs/access.md',
]
const COMMANDS = PAGES.flatMap(commands)

const programs = usePrograms()

/** Starts a server that loads the sample data. */
async function start(): Promise<{ folder: string; server: TestServer }> {
  const folder = await programs.folder()
  await provideDemoData(join(folder, 'data'))
  return { folder, server: await programs.serve({ cwd: folder }) }
}

function commandsThatStartWith(start: string): string[] {
  const found = COMMANDS.filter(line => line.startsWith(start))
  if (found.length === 0) throw new Error(`no page has a command that starts with ${start}`)
  return found
}

async function expectAnswer(server: TestServer, { document, answer }: Example): Promise<void> {
  expect(cutLike(await server.ask<unknown>(document), answer)).toEqual(answer)
}

describe('the README, the pages about queries and every command', () => {
  let folder: string
  let server: TestServer

  beforeAll(async () => {
    ;({ folder, server } = await start())
  })

  test('the first start loads the sample data, and says so', () => {
    expect(server.process.stdout).toContain('loading the sample data')
  })

  // In order: the mutation of the README comes last.
  test.each([...examples('docs/querying.md'), ...examples('README.md')])('$document has the printed answer', example =>
    expectAnswer(server, example),
  )

  test('the mutation of the README, sent again, changes nothing', async () => {
    const { document } = examples('README.md').at(-1)!
    expect(document).toContain('mutation')
    const data = await server.ask<{ ingestAccounts: { alreadyIngested: boolean } }>(document)
    expect(data.ingestAccounts.alreadyIngested).toBe(true)
  })

  test('every shell command is one that is tested here', () => {
    const known = [
      /^npm ci && npm (start|test)$/,
      /^npm run (ingest|export|snapshot|check|token) -- /,
      /^curl -G -OJ http:\/\/127\.0\.0\.1:4000\/export\./,
      /^curl -OJ http:\/\/127\.0\.0\.1:4000\/snapshot\.db$/,
      /^curl --data-binary /,
      /^sqlite3 data\/accounts\.db "/,
    ]
    expect(COMMANDS.filter(command => !known.some(form => form.test(command)))).toEqual([])
    expect(manifest.scripts.start).toMatch(/ node dist\/main\.js serve$/)
    for (const name of ['ingest', 'export', 'snapshot', 'check', 'token'] as const)
      expect(manifest.scripts[name]).toMatch(new RegExp(` node dist/main\\.js ${name}$`))
  })

  test.each(commandsThatStartWith('npm run ingest'))('%s: the database has the file already', async command => {
    const { exitCode, stdout } = await programs.run(['ingest', ...argumentsOf(command)], { cwd: folder })
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/already ingested|"alreadyIngested":true/),
    })
  })

  test.each(commandsThatStartWith('curl --data-binary'))('%s: the server has the file already', async command => {
    const [, file, url] = /@(\S+) '(.*)'$/.exec(command)!
    const { origin, pathname, search } = new URL(url!)
    expect(origin).toBe('http://127.0.0.1:4000')
    const body = new Uint8Array(await readFile(join(folder, file!)))
    // What curl says of every body.
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const response = await fetch(`${server.origin}${pathname}${search}`, { method: 'POST', body, headers })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ alreadyIngested: true, userErrors: [] })
  })

  // In order: the check is of the copy.
  test('npm run snapshot copies the database, and npm run check finds it sound', async () => {
    const copies = new Set(commandsThatStartWith('npm run snapshot'))
    for (const command of [...copies, ...commandsThatStartWith('npm run check')]) {
      const name = command.split(' ')[2]!
      expect(await programs.run([name, ...argumentsOf(command)], { cwd: folder })).toMatchObject({
        exitCode: 0,
        stderr: '',
      })
    }
  })

  test.each(commandsThatStartWith('curl -OJ'))('%s sends a database file', async command => {
    const response = await fetch(`${server.origin}${new URL(command.split(' ').at(-1)!).pathname}`)
    expect(response.status).toBe(200)
    const bytes = Buffer.from(await response.arrayBuffer())
    expect([bytes.toString('latin1', 0, 15), bytes.length]).toEqual([
      'SQLite format 3',
      Number(response.headers.get('content-length')),
    ])
  })

  test.each(commandsThatStartWith('npm run export'))('%s', async command => {
    const { exitCode, stdout } = await programs.run(['export', ...argumentsOf(command)], { cwd: folder })
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/^gaming\.csv: [\d,]+ accounts/),
    })
  })

  test.each(commandsThatStartWith('curl -G'))('%s', async command => {
    const parameters = [...command.matchAll(/'(\w+)=([^']*)'/g)].map(([, name, value]) => [name, value])
    const path = new URL(/http\S+/.exec(command)![0]).pathname
    const response = await fetch(`${server.origin}${path}?${new URLSearchParams(Object.fromEntries(parameters))}`)
    expect([response.status, (await response.arrayBuffer()).byteLength]).toEqual([
      200,
      Number(response.headers.get('content-length')),
    ])
    expect(Number(response.headers.get('x-account-count'))).toBeGreaterThan(0)
  })

  test.each(commandsThatStartWith('npm run token'))('%s', async command => {
    const { exitCode, stdout } = await programs.run(['token', ...argumentsOf(command)], { cwd: folder })
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/ {2}cron:ingest:[0-9a-f]{64}\n/),
    })
  })

  test.each(commandsThatStartWith('sqlite3'))('%s', command => {
    const [, file, sql] = /^sqlite3 (\S+) "(.*)"$/.exec(command)!
    const database = new Database(join(folder, file!), { readonly: true })
    try {
      expect(database.prepare(sql!).all()).toHaveLength(3)
    } finally {
      database.close()
    }
  })
})

describe('docs/ingesting.md', () => {
  let server: TestServer

  beforeAll(async () => {
    ;({ server } = await start())
  })

  test.each(examples('docs/ingesting.md'))('$document has the printed answer', example => expectAnswer(server, example))
})
