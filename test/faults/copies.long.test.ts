/** Copies of the database file: by snapshot at any moment, by hand when no program writes. */
import { copyFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkDatabase } from '../../src/storage/sqlite/check/check.ts'
import { BIG_ROWS, writeBigDrop, writeDrop } from '../support/program/drops.ts'
import { ingest } from '../support/program/ingest.ts'
import { usePrograms } from '../support/program/programs.ts'
import { ledgerIn } from './support/inspect.ts'

const programs = usePrograms()

const DROPS = 2

test('every snapshot taken while files are ingested is whole, and every copy of the idle file', async () => {
  const cwd = await programs.folder()
  const database = join(cwd, 'data/accounts.db')
  for (let drop = 0; drop < DROPS; drop++) {
    await writeBigDrop(join(cwd, `data/big-${drop}.parquet`), drop)
    const rows = [{ account: 3_000 + drop, count: 5_000, at: '2024-05-01T12:00:00Z' }]
    await writeDrop(join(cwd, `data/small-${drop}.parquet`), rows)
  }
  const server = await programs.serve({ cwd, args: ['--no-demo'] })
  const taken = { downloads: 0, copies: 0, idleCopies: 0, duringIngestions: 0 }

  async function expectWhole(path: string): Promise<void> {
    const { findings, counted, isBeingWritten } = await checkDatabase(path)
    // A whole number of files, each with all of its rows.
    const inserted = ledgerIn(path).reduce((sum, line) => sum + line.inserted, 0)
    expect([findings, counted?.measurements]).toEqual([[], inserted])
    if (isBeingWritten) taken.duringIngestions++
    rmSync(path)
  }

  for (let drop = 0; drop < DROPS; drop++) {
    let isIngesting = true
    const ingested = (async () => {
      for (const file of [`big-${drop}.parquet`, `small-${drop}.parquet`]) {
        expect(await ingest(server, file)).toMatchObject({ userErrors: [] })
      }
      isIngesting = false
    })()
    while (isIngesting) {
      const path = join(cwd, 'taken.db')
      expect((await checkDatabase(database)).findings).toEqual([])
      if ((taken.downloads + taken.copies) % 2 === 0) {
        const answer = await fetch(`${server.origin}/snapshot.db`)
        expect(answer.status).toBe(200)
        writeFileSync(path, Buffer.from(await answer.arrayBuffer()))
        taken.downloads++
      } else {
        expect(await programs.run(['snapshot', path], { cwd })).toMatchObject({ exitCode: 0 })
        taken.copies++
      }
      await expectWhole(path)
    }
    await ingested
    expect(statSync(`${database}-wal`).size).toBe(0)
    copyFileSync(database, join(cwd, 'idle.db'))
    expect(ledgerIn(join(cwd, 'idle.db'))).toHaveLength(2 * (drop + 1))
    await expectWhole(join(cwd, 'idle.db'))
    taken.idleCopies++
  }
  expect(taken.idleCopies).toBe(DROPS)
  expect(taken.downloads).toBeGreaterThanOrEqual(DROPS)
  expect(taken.copies).toBeGreaterThan(0)
  expect(taken.duringIngestions).toBeGreaterThan(0)
  expect(await checkDatabase(database)).toMatchObject({ isSound: true, counted: { measurements: BIG_ROWS + DROPS } })
})
