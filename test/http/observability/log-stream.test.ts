import { execFileSync } from 'node:child_process'
import { closeSync, constants, existsSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { LogStream } from '../../../src/http/observability/log-stream.ts'
import { useFolder } from '../../support/folder.ts'
import { onFullDisk, testWithFullDisk } from '../../support/full-disk.ts'
import { ENTRIES } from '../../support/program/access.ts'
import { post, request } from '../../support/program/http.ts'
import { usePrograms } from '../../support/program/programs.ts'

const programs = usePrograms()
const folder = useFolder('account-growth-log-')

testWithFullDisk('a server whose log cannot be written answers and stops normally', async () => {
  const cwd = await programs.folder()
  const env = { ACCESS_TOKENS: ENTRIES, ANYONE_MAY: 'read', LOG_LEVEL: 'trace' }
  await onFullDisk(async stderr => {
    const server = await programs.serve({ cwd, env, args: ['--no-demo'], redirect: { stderr } })
    for (let asked = 0; asked < 2; asked++) {
      expect(await server.ask('{ dataset { accountCount } }')).toEqual({ dataset: { accountCount: 0 } })
    }
    const unknown = await request(server, post('{ __typename }', { authorization: 'Bearer unknown' }))
    expect(unknown.status).toBe(401)
    await server.stop()
  })
  expect(existsSync(join(cwd, 'data/accounts.db-wal'))).toBe(false)
})

test('the next line that can be written follows one that reports the lost lines', () => {
  const pipe = join(folder(), 'pipe')
  execFileSync('mkfifo', [pipe])
  const descriptor = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK)
  const buffer = Buffer.alloc(2 ** 20)
  const read = () => buffer.toString('utf8', 0, readSync(descriptor, buffer)).split('\n')
  try {
    const sink = new LogStream(descriptor)
    const line = `${'x'.repeat(40_000)}\n`
    // A pipe has room for one of these and a part, so that the second breaks off.
    for (let written = 0; written < 4; written++) sink.write(line)
    const [first, torn] = read()
    expect(first).toHaveLength(40_000)
    expect(torn).toMatch(/^x+$/)
    sink.write('next\n')
    sink.write('last\n')
    const [end, loss, ...lines] = read()
    expect(end).toBe('')
    expect(JSON.parse(loss!)).toMatchObject({ level: 'warn', lost: 3, msg: 'log lines could not be written' })
    expect(lines).toEqual(['next', 'last', ''])
  } finally {
    closeSync(descriptor)
  }
})
