import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { writeDrop } from '../support/program/drops.ts'
import { post, request } from '../support/program/http.ts'
import { ingest } from '../support/program/ingest.ts'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'

const programs = usePrograms()

/** A connection that has sent this much and goes no further. */
async function silent(server: TestServer, sent: string): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(sent)
  return socket
}

const HALF_A_BODY =
  'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{'

const AT = '2024-05-01T12:00:00Z'

describe('a server', () => {
  let cwd: string
  let server: TestServer

  beforeAll(async () => {
    cwd = await programs.folder()
    server = await programs.serve({ cwd, env: { HOST: 'localhost' } })
  })

  test('prints its address and the content of the database, and logs nothing', async () => {
    const { stdout, stderr } = server.process
    expect(server.origin).toMatch(/^http:\/\/localhost:\d+$/)
    expect(stdout).toContain('0 accounts above 1,000 subscribers, 0 measurements, as of -')
    expect(stdout).toContain(`GraphQL: ${server.url} (in a browser: Apollo Sandbox`)
    expect(stderr).toBe('')
  })

  test('locks its database: a second server exits with the name of the file', async () => {
    expect(await programs.run(['serve', '--port', '0'], { cwd })).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^DATABASE_BUSY: data\/accounts\.db: Another server .* choose another DATABASE_URL\.\n$/,
      ),
    })
    expect(await request(server, post('{ __typename }'))).toMatchObject({ status: 200 })
  })

  test('reports a port that is in use, and an address that does not exist', async () => {
    const [taken, elsewhere] = await Promise.all([
      programs.run(['serve', '--host', 'localhost'], {
        cwd: await programs.folder(),
        env: { PORT: String(server.port) },
      }),
      programs.run(['serve', '--port', '0', '--host', '203.0.113.1', '--anyone-may', 'read'], {
        cwd: await programs.folder(),
      }),
    ])
    const advice = 'is already in use: stop that program, or set another PORT (0 picks a free one)'
    expect(taken).toMatchObject({ exitCode: 1, stderr: `localhost:${server.port} ${advice}\n` })
    const notHere = '203.0.113.1 is not an address of this machine: set another HOST, such as 127.0.0.1\n'
    expect(elsewhere).toMatchObject({ exitCode: 1, stderr: notHere })
  })

  test('checks the Host header on localhost as on 127.0.0.1', async () => {
    expect(await request(server, post('{ __typename }', { host: 'evil.example' }))).toMatchObject({ status: 403 })
  })

  test('returns data that the command line ingests while it runs', async () => {
    await writeDrop(`${cwd}/one.parquet`, [{ account: 1, count: 5_000, at: AT }])
    await writeDrop(`${cwd}/data/two.parquet`, [{ account: 2, count: 5_000, at: AT }])
    const [{ exitCode }, payload] = await Promise.all([
      programs.run(['ingest', 'one.parquet'], { cwd }),
      ingest(server, 'two.parquet'),
    ])
    expect(exitCode).toBe(0)
    expect(payload).toMatchObject({ ingestion: { status: 'SUCCEEDED' } })
    expect(await server.ask('{ dataset { accountCount } }')).toEqual({ dataset: { accountCount: 2 } })
  })

  test('stops immediately despite idle connections', async () => {
    await fetch(server.url, { headers: { accept: 'text/html' } }).then(answer => answer.text())
    for (const sent of ['', 'POST /graphql HTTP/1.1\r\nHost: loc', HALF_A_BODY]) await silent(server, sent)
    const asked = Date.now()
    await server.stop()
    expect(Date.now() - asked).toBeLessThan(15_000)
  })
})
