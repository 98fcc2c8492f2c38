import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bearer, ENTRIES, entryOf, TOKENS } from '../support/program/access.ts'
import { post, request } from '../support/program/http.ts'
import { usePrograms } from '../support/program/programs.ts'

const programs = usePrograms()

const CREATE =
  'Create a token with npm run token -- --role admin --name me, and add the entry that it prints to ACCESS_TOKENS.'
const OR_OPEN = 'To let everyone who can reach the server read, ingest and revert, set ANYONE_MAY=everything.'

describe('serve', () => {
  test.each([
    [{ HOST: '0.0.0.0' }, 'On HOST 0.0.0.0,'],
    [{ HOST: '::' }, 'On HOST ::,'],
    [{ HOST: '192.0.2.1' }, 'On HOST 192.0.2.1,'],
    [{ HOST: 'growth.example' }, 'On HOST growth.example,'],
    [{ ALLOWED_HOSTS: 'growth.example' }, 'With ALLOWED_HOSTS or TRUSTED_PROXIES,'],
    [{ TRUSTED_PROXIES: '127.0.0.1' }, 'With ALLOWED_HOSTS or TRUSTED_PROXIES,'],
  ])('exits with 2 for %j without tokens or ANYONE_MAY', async (env, begin) => {
    const cwd = await programs.folder()
    const { exitCode, stdout, stderr } = await programs.run(['serve', '--port', '0'], { cwd, env: env as never })
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toBe(
      `Invalid configuration:\n${begin} other machines can reach the server, but there are no access tokens. ${CREATE}\n${OR_OPEN}\n`,
    )
    expect(existsSync(join(cwd, 'data/accounts.db'))).toBe(false)
  })

  test('exits with 2 when the configuration allows no request', async () => {
    const { exitCode, stderr } = await programs.run(['serve', '--anyone-may', 'nothing'], {
      cwd: await programs.folder(),
    })
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: `Invalid configuration:\nANYONE_MAY is nothing and there are no access tokens, so no request is allowed. ${CREATE}\n`,
    })
  })

  test('exits with 2 and names every invalid entry, without secrets', async () => {
    const cwd = await programs.folder()
    await writeFile(join(cwd, 'tokens'), `cron:write:${'0'.repeat(64)}\nana:read:${TOKENS.read}\n`)
    const env = { ACCESS_TOKENS: 'bo:read:123', ACCESS_TOKENS_FILE: 'tokens' }
    const [wrong, missing, empty] = await Promise.all([
      programs.run(['serve'], { cwd, env }),
      programs.run(['serve'], { cwd, env: { ACCESS_TOKENS_FILE: 'nowhere' } }),
      programs.run(['serve'], { cwd, env: { ACCESS_TOKENS_FILE: '/dev/null' } }),
    ])
    expect(wrong).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `Invalid configuration:
ACCESS_TOKENS, the entry of bo: a hash is a SHA-256, 64 hex digits
ACCESS_TOKENS_FILE tokens, the entry of cron: a role is one of read, ingest, admin
ACCESS_TOKENS_FILE tokens, the entry of ana: this is the token itself; the entry needs its hash
`,
    })
    expect(missing.stderr).toBe('Invalid configuration:\nACCESS_TOKENS_FILE nowhere cannot be read (ENOENT)\n')
    expect(empty.stderr).toContain('ACCESS_TOKENS_FILE /dev/null has no entries.')
  })

  test('is open to this machine on loopback until there are tokens', async () => {
    const open = await programs.serve({ cwd: await programs.folder() })
    expect(open.process.stdout).toContain(
      '\nAccess without a token: every program on this machine may do everything.\n',
    )
    const closed = await programs.serve({ cwd: await programs.folder(), env: { ACCESS_TOKENS: ENTRIES } })
    expect(closed.process.stdout).toContain('\nAccess with a token: read: ana; ingest: cron; admin: operator.\n')
    expect(closed.process.stdout).not.toContain('without a token')
    expect((await closed.graphql('{ __typename }')).status).toBe(401)
  })

  test('on other addresses allows what ANYONE_MAY says', async () => {
    const everything = { HOST: '0.0.0.0', ANYONE_MAY: 'everything' }
    const all = await programs.serve({ cwd: await programs.folder(), args: ['--no-demo'], env: everything })
    expect(all.process.stdout).toContain(
      '\nAccess without a token: everyone who can reach the server may do everything.\n',
    )
    const revert = 'mutation { revertIngestion(input: {id: "x"}) { userErrors { code } } }'
    expect((await all.refusal(revert)).extensions.code).toBe('BAD_USER_INPUT')
    const rebound = await request(all, post('{ __typename }', { host: `evil.example:${all.port}` }))
    expect(rebound.status).toBe(403)

    const env = { HOST: '0.0.0.0', ANYONE_MAY: 'read', ACCESS_TOKENS: entryOf('cron', 'ingest', TOKENS.ingest) }
    const some = await programs.serve({ cwd: await programs.folder(), args: ['--no-demo'], env })
    expect(some.process.stdout).toContain(
      '\nAccess with a token: ingest: cron.\nAccess without a token: everyone who can reach the server may read.\n',
    )
    expect(await some.ask('{ dataset { accountCount } }')).toEqual({ dataset: { accountCount: 0 } })
    expect((await some.refusal(revert)).extensions.code).toBe('UNAUTHENTICATED')
    expect((await request(some, post(revert, bearer('ingest')))).status).toBe(403)
    expect((await request(some, post('{ __typename }', { authorization: 'Bearer wrong' }))).status).toBe(401)
  })

  test('with tokens, serves any host name on every address, with a rate limit', async () => {
    const env = { HOST: '::', ACCESS_TOKENS: ENTRIES }
    const server = await programs.serve({ cwd: await programs.folder(), args: ['--no-demo'], env })
    const answer = await request(server, post('{ __typename }', { ...bearer('read'), host: 'growth.example' }))
    expect(answer).toMatchObject({ status: 200, headers: { 'ratelimit-limit': '6000', 'ratelimit-remaining': '5999' } })
  })
})

describe('token', () => {
  test('prints a token that its entry admits', async () => {
    const cwd = await programs.folder()
    const { exitCode, stdout, stderr } = await programs.run(['token', '--name', 'cron', '--role', 'ingest'], { cwd })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const [token, entry] = stdout.match(/^ {2}\S+$/gm)!.map(line => line.trim())
    expect(entry).toMatch(/^cron:ingest:[0-9a-f]{64}$/)
    expect(stdout.split(token!)).toHaveLength(2)
    await writeFile(join(cwd, 'tokens'), `# of the cron job\n${entry}\n`)
    const server = await programs.serve({ cwd, args: ['--no-demo'], env: { ACCESS_TOKENS_FILE: 'tokens' } })
    const asked = post('{ __typename }', { authorization: `Bearer ${token}` })
    expect((await request(server, asked)).status).toBe(200)
    expect((await request(server, { path: '/ingest', headers: asked.headers! })).status).toBe(405)
  })

  test.each([
    [['--name', 'a b', '--role', 'read'], '--name "a b": a name has 1 to 64 letters'],
    [['--name', 'ana', '--role', 'write'], '--role "write": must be one of read, ingest, admin'],
    [['--role', 'read'], "required option '--name <name>' not specified"],
  ])('exits with 2 for %j', async (args, message) => {
    const { exitCode, stdout, stderr } = await programs.run(['token', ...args], { cwd: await programs.folder() })
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 2, stdout: '', stderr: expect.stringContaining(message) })
  })
})
