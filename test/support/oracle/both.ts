import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckdbOracle } from './duckdb.ts'
import { NaiveStore, TooManyRejectedRows } from './naive.ts'
import { type DropRow, writeDrop } from './parquet.ts'
import type { IngestionFigures } from './types.ts'

/** What the ledger would say of a file; of a refused one only what was rejected. */
export type NaiveOutcome =
  | ({ readonly refused: false } & IngestionFigures)
  | { readonly refused: true; readonly rowsRead: number; readonly rejected: number }

export interface Both {
  readonly naive: NaiveStore
  readonly duckdb: DuckdbOracle
  readonly outcomes: readonly NaiveOutcome[]
}

/** The same files, one after another, in both oracles. Ingestions are called '0', '1' and so on. */
export async function openBoth(drops: readonly (readonly DropRow[])[], now: number): Promise<Both> {
  const naive = new NaiveStore()
  const outcomes = drops.map((rows, i) => naiveOutcome(naive, rows, { id: String(i), now }))
  const folder = await mkdtemp(join(tmpdir(), 'oracle-'))
  try {
    const paths = drops.map((_, i) => join(folder, `${i}.parquet`))
    for (const [i, rows] of drops.entries()) await writeDrop(paths[i]!, rows, 7)
    return { naive, duckdb: await DuckdbOracle.open(paths, { now }), outcomes }
  } finally {
    await rm(folder, { recursive: true })
  }
}

function naiveOutcome(naive: NaiveStore, rows: readonly DropRow[], options: { id: string; now: number }): NaiveOutcome {
  try {
    const { id: _, rejectedRows: __, ...figures } = naive.ingest(rows, options)
    return { refused: false, ...figures }
  } catch (error) {
    if (!(error instanceof TooManyRejectedRows)) throw error
    return { refused: true, rowsRead: error.rowsRead, rejected: error.rejectedRows.length }
  }
}
