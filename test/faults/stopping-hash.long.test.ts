/** Hashing a large file takes minutes, and shutdown must not wait for it. */
import { realpath, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDrop } from '../support/program/drops.ts'
import { ingest } from '../support/program/ingest.ts'
import type { ProgramProcess } from '../support/program/process.ts'
import { usePrograms } from '../support/program/programs.ts'
import { until } from '../support/until.ts'
import { ledgerIn } from './support/inspect.ts'
import { canSeeFiles, hasOpen } from './support/open-files.ts'

if (!canSeeFiles) console.warn('it cannot be seen here what a process has open: stopping while it hashes is not tried')

const env = { INGEST_MAX_FILE_BYTES: String(2 ** 42) }
const programs = usePrograms()
let cwd: string
let huge: string

beforeEach(async () => {
  cwd = await programs.folder()
  huge = join(await realpath(cwd), 'data/huge.parquet')
  await writeFile(huge, '')
  // Its bytes are holes, but to hash them would take the better part of an hour.
  await truncate(huge, 2 ** 40)
})

const isHashedBy = ({ pid }: ProgramProcess) => until(() => hasOpen(pid, huge), 'the file to be hashed')

async function expectNothingTaken(): Promise<void> {
  expect(ledgerIn(join(cwd, 'data/accounts.db'))).toEqual([])
  expect(await programs.run(['check'], { cwd })).toMatchObject({ exitCode: 0, stderr: '' })
}

;(canSeeFiles ? describe : describe.skip)('while a file is hashed', () => {
  test('Ctrl-C ends the command, and nothing is changed', async () => {
    await writeDrop(join(cwd, 'data/next.parquet'), [{ account: 1, count: 5_000, at: '2024-05-01T12:00:00Z' }])
    const program = programs.start(['ingest', 'data/huge.parquet', 'data/next.parquet'], { cwd, env })
    await isHashedBy(program)
    program.kill('SIGINT')
    expect(await program.exited).toEqual({ code: 1, signal: null })
    await program.drained()
    expect(program.stderr).toBe(
      'data/huge.parquet: INGESTION_CANCELLED: The ingestion was cancelled. Nothing was changed.\n',
    )
    await expectNothingTaken()
  })

  test('a server that receives SIGTERM refuses the file at once, and the one queued behind it', async () => {
    const server = await programs.serve({ cwd, env, args: ['--no-demo'] })
    const answers = Promise.all(Array.from({ length: 3 }, () => ingest(server, 'huge.parquet')))
    await isHashedBy(server.process)
    server.process.kill('SIGTERM')
    const error = { code: 'INGESTION_CANCELLED', field: null, message: expect.stringContaining('server is stopping') }
    expect(await answers).toMatchObject(Array(3).fill({ ingestion: null, userErrors: [error] }))
    expect(await server.process.exited).toEqual({ code: 0, signal: null })
    expect(server.process.stderr).toBe('')
    await expectNothingTaken()
  })
})
