/** Every bomb against a running server, which must not notice. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isAlive } from '../faults/support/ended.ts'
import { expectSound } from '../faults/support/sound.ts'
import { childrenOf } from '../support/program/children.ts'
import { writeDrop } from '../support/program/drops.ts'
import { ingest, stateOf } from '../support/program/ingest.ts'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'
import { BOMBS } from './support/bombs.ts'

const programs = usePrograms()
const AT = '2024-05-01T12:00:00Z'
/** Enough for the largest bomb that is taken, and soon full for those that have no end. */
const env = { INGEST_MAX_MEMORY_MB: '768', INGEST_BASE_SECONDS: '20' }

let cwd: string
let server: TestServer
let goodFiles = 0
const seen = new Set<number>()

beforeAll(async () => {
  cwd = await programs.folder()
  server = await programs.serve({ cwd, env })
  await takeGoodFile()
})

/** What the queue must still do after every bomb. */
async function takeGoodFile(): Promise<void> {
  const name = `good-${++goodFiles}.parquet`
  await writeDrop(join(cwd, 'data', name), [{ account: 1_000_000 + goodFiles, count: 5_000, at: AT }])
  expect(await ingest(server, name)).toMatchObject({ userErrors: [], ingestion: { status: 'SUCCEEDED', inserted: 1 } })
}

describe.each(Object.keys(BOMBS))('%s', room => {
  test.each(Object.entries(BOMBS[room]!))('%s', async (name, { file, ends, isHeavy }) => {
    const drop = `${room}-${name}`.replaceAll(/[^a-z0-9]+/gi, '-').concat('.parquet')
    await writeFile(join(cwd, 'data', drop), file())
    const before = await stateOf(server)
    const answer = ingest(server, drop)
    expect(await stateOf(server)).toBeTruthy()
    const { ingestion, userErrors } = await answer
    for (const pid of childrenOf(server.process.pid)) seen.add(pid)
    if (typeof ends === 'number') {
      expect(userErrors).toEqual([])
      expect(ingestion).toMatchObject({ status: 'SUCCEEDED', rowsRead: ends + ingestion!.rejected })
    } else {
      expect(userErrors).toMatchObject([{ code: ends }])
      expect(ingestion).toMatchObject({ status: 'FAILED', error: { code: ends }, inserted: 0, accountsCreated: 0 })
      expect(await stateOf(server)).toEqual(before)
    }
    if (isHeavy) await takeGoodFile()
  })

  test('the queue goes on', takeGoodFile)
})

test('the server ends well, leaves no process, and a sound database', async () => {
  await server.stop()
  expect([...seen].filter(isAlive)).toEqual([])
  expectSound(join(cwd, 'data/accounts.db'))
})
