import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import manifest from '../../package.json' with { type: 'json' }
import { Database } from '../../src/storage/sqlite/connection/driver.ts'
import { provideDemoData } from '../support/demo-data.ts'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'
import { commands, cutLike, documentsWithAnswers } from './readme.ts'

const programs = usePrograms()
let folder: string
let server: TestServer

beforeAll(async () => {
  folder = await programs.folder()
  await provideDemoData(join(folder, 'data'))
  server = await programs.serve({ cwd: folder })
})

describe('README', () => {
  test('starts with the sample data, and says so', () => {
    expect(server.process.stdout).toContain('loading the sample data')
  })

  // In order: the mutation comes last.
  test.each(documentsWithAnswers().map((block, index) => [index, block] as const))(
    'document %i has the answer that is printed',
    async (_, { document, answer }) => {
      const data = await server.ask<unknown>(document)
      expect(cutLike(data, answer)).toEqual(answer)
    },
  )

  test('the mutation, sent again, changes nothing', async () => {
    const { document } = documentsWithAnswers().at(-1)!
    expect(document).toContain('mutation')
    const data = await server.ask<{ ingestAccounts: { alreadyIngested: boolean } }>(document)
    expect(data.ingestAccounts.alreadyIngested).toBe(true)
  })

  test('every shell command is one that is tested here', () => {
    const known = [
      /^npm ci && npm (start|test)$/,
      /^npm run (ingest|export|snapshot|check|token) -- /,
      /^curl (-G -OJ|--data-binary) /,
      /^sqlite3 data\/accounts\.db "/,
    ]
    expect(commands().filter(command => !known.some(form => form.test(command)))).toEqual([])
    expect(manifest.scripts.start).toMatch(/ node dist\/main\.js serve$/)
    for (const name of ['ingest', 'export', 'snapshot', 'check'] as const)
      expect(manifest.scripts[name]).toMatch(new RegExp(` node dist/main\\.js ${name}$`))
  })

  test('npm run ingest takes the file, which the server has already', async () => {
    const [command] = commands().filter(line => line.startsWith('npm run ingest'))
    const args = command!.split(' -- ')[1]!.split(' ')
    const { exitCode, stdout } = await programs.run(['ingest', ...args], { cwd: folder })
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining('already ingested') })
  })

  test('curl sends the file, which the server has already', async () => {
    const command = commands().find(line => line.startsWith('curl --data-binary'))!
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

  test('npm run snapshot copies the database, and npm run check finds the copy sound', async () => {
    const [copy, verify] = commands().filter(line => /^npm run (snapshot|check) /.test(line))
    for (const command of [copy!, verify!]) {
      const [, name, file] = /^npm run (\w+) -- (\S+)$/.exec(command)!
      expect(await programs.run([name!, file!], { cwd: folder })).toMatchObject({ exitCode: 0, stderr: '' })
    }
  })

  test('npm run export and curl make the files that they say', async () => {
    const [command, url] = ['npm run export', 'curl -G'].map(name => commands().find(line => line.startsWith(name))!)
    const args = [...command!.split(' -- ')[1]!.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!)
    const { exitCode, stdout } = await programs.run(['export', ...args], { cwd: folder })
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/^gaming\.csv: [\d,]+ accounts/),
    })
    const parameters = [...url!.matchAll(/'(\w+)=([^']*)'/g)].map(([, name, value]) => [name, value])
    const path = new URL(/http\S+/.exec(url!)![0]).pathname
    const response = await fetch(`${server.origin}${path}?${new URLSearchParams(Object.fromEntries(parameters))}`)
    expect([response.status, (await response.arrayBuffer()).byteLength]).toEqual([
      200,
      Number(response.headers.get('content-length')),
    ])
    expect(Number(response.headers.get('x-account-count'))).toBeGreaterThan(0)
  })

  test('npm run token makes one', async () => {
    const [command] = commands().filter(line => line.startsWith('npm run token'))
    const args = command!.split(' -- ')[1]!.split(' ')
    expect(manifest.scripts.token).toMatch(/ node dist\/main\.js token$/)
    const { exitCode, stdout } = await programs.run(['token', ...args], { cwd: folder })
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/ {2}cron:ingest:[0-9a-f]{64}\n/),
    })
  })

  test.each(commands().filter(command => command.startsWith('sqlite3')))('%s', command => {
    const [, file, sql] = /^sqlite3 (\S+) "(.*)"$/.exec(command)!
    const database = new Database(join(folder, file!), { readonly: true })
    try {
      expect(database.prepare(sql!).all()).toHaveLength(3)
    } finally {
      database.close()
    }
  })
})
