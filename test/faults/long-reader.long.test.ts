import { existsSync, statSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDrop } from '../support/program/drops.ts'
import { ingest } from '../support/program/ingest.ts'
import { usePrograms } from '../support/program/programs.ts'
import { until } from '../support/until.ts'
import { holdReader } from './support/holder.ts'
import { ledgerIn, measurementsIn } from './support/inspect.ts'
import { expectSound } from './support/sound.ts'

const programs = usePrograms()

test('a long reader in another program keeps no ingestion from being acknowledged, and no log for good', async () => {
  const cwd = await programs.folder()
  const database = join(cwd, 'data/accounts.db')
  const log = () => statSync(`${database}-wal`).size
  for (const [account, file] of ['a', 'b', 'c', 'd'].entries())
    await writeDrop(join(cwd, `data/${file}.parquet`), [{ account, count: 5_000, at: '2024-05-01T12:00:00Z' }])
  const server = await programs.serve({ cwd })
  const ingested = async (file: string) =>
    expect(await ingest(server, `${file}.parquet`)).toMatchObject({ userErrors: [], ingestion: { inserted: 1 } })
  await ingested('a')
  expect(log()).toBe(0)

  const reader = await holdReader(database)
  await ingested('b')
  expect(log()).toBeGreaterThan(0)
  expect(await server.ask('{ dataset { measurementCount } }')).toEqual({ dataset: { measurementCount: 2 } })

  // It ends while the next ingestion tries again and again to empty the log.
  const answer = ingested('c')
  await until(() => ledgerIn(database)[2]?.status === 'SUCCEEDED', 'the ingestion to be committed')
  await reader.release()
  await answer
  expect(log()).toBe(0)
  await copyFile(database, join(cwd, 'copy.db'))
  expect(measurementsIn(join(cwd, 'copy.db'))).toBe(3)
  expectSound(join(cwd, 'copy.db'))

  // One that stays to the end leaves a log behind, until there is another chance.
  const another = await holdReader(database)
  await ingested('d')
  await server.stop()
  expect(log()).toBeGreaterThan(0)
  await another.release()
  expect(await programs.run(['ingest', 'data/d.parquet'], { cwd })).toMatchObject({ exitCode: 0 })
  expect(existsSync(`${database}-wal`)).toBe(false)
  await copyFile(database, join(cwd, 'copy.db'))
  expect(measurementsIn(join(cwd, 'copy.db'))).toBe(4)
})
