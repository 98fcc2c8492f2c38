import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { childrenOf } from '../support/program/children.ts'
import { BIG_ROWS, writeBigDrop } from '../support/program/drops.ts'
import { ingest } from '../support/program/ingest.ts'
import { usePrograms } from '../support/program/programs.ts'
import { until } from '../support/until.ts'
import { isAlive } from './support/ended.ts'
import { Frozen } from './support/frozen.ts'
import { holdWriteLock } from './support/holder.ts'
import { ledgerIn, measurementsIn } from './support/inspect.ts'
import { expectSound } from './support/sound.ts'

const programs = usePrograms()
let cwd: string
let database: string

beforeEach(async () => {
  cwd = await programs.folder()
  database = join(cwd, 'data/accounts.db')
  await writeBigDrop(join(cwd, 'data/big.parquet'), 0)
})

describe('a server that receives SIGTERM while it ingests', () => {
  test('ends the ingestion first, and leaves one file and no process', async () => {
    const server = await programs.serve({ cwd })
    const children = childrenOf(server.process.pid)
    const answer = ingest(server, 'big.parquet')
    const frozen = await Frozen.in(server.process, database, 'big.parquet')
    const stopping = server.stop()
    frozen.thaw()
    expect(await answer).toMatchObject({ userErrors: [], ingestion: { inserted: BIG_ROWS } })
    await stopping
    for (const suffix of ['-wal', '-shm']) expect(existsSync(database + suffix)).toBe(false)
    expect(children.filter(isAlive)).toEqual([])
    expect(measurementsIn(database)).toBe(BIG_ROWS)
  })
})

describe('an ingestion process that loses its parent', () => {
  test('takes everything back and ends', async () => {
    const server = await programs.serve({ cwd })
    ingest(server, 'big.parquet').catch(() => {})
    const frozen = await Frozen.in(server.process, database, 'big.parquet')
    await server.kill()
    frozen.thaw()
    await until(() => !isAlive(frozen.pid), 'the ingestion process to end')
    expect(measurementsIn(database)).toBe(0)
    expect(ledgerIn(database)).toMatchObject([{ status: 'RUNNING' }])
    const next = await programs.run(['ingest', 'data/big.parquet'], { cwd })
    expect(next).toMatchObject({ exitCode: 0 })
    expect(ledgerIn(database)).toMatchObject([
      { status: 'FAILED', error: 'INGESTION_INTERRUPTED', inserted: 0 },
      { status: 'SUCCEEDED', inserted: BIG_ROWS },
    ])
    expectSound(database)
  })

  test('ends when it has nothing to do, and when it waits for another program', async () => {
    const server = await programs.serve({ cwd })
    const waiting = server.ingestionPid()
    const holder = await holdWriteLock(database)
    ingest(server, 'big.parquet').catch(() => {})
    await until(() => server.process.stdout.includes('Waiting for another program'), 'the server to wait')
    await server.kill()
    await until(() => !isAlive(waiting), 'the waiting ingestion process to end')
    await holder.release()
    const again = await programs.serve({ cwd })
    const idle = again.ingestionPid()
    await again.kill()
    await until(() => !isAlive(idle), 'the idle ingestion process to end')
    expect(ledgerIn(database)).toEqual([])
  })
})
