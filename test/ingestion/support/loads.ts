/** Loads that skip the Parquet file: rows go to the loader as the normaliser would hand them over. */
import { foldCategory } from '../../../src/domain/category.ts'
import type { Ingestion, IngestionIdentity } from '../../../src/domain/ingestion.ts'
import type { Load, Loader } from '../../../src/domain/loader.ts'
import type { MeasurementBatch } from '../../../src/domain/measurement.ts'
import type { NaiveIngestion, NaiveStore } from '../../support/oracle/naive.ts'
import { idOf } from '../../support/parquet/columns.ts'
import { identityOf } from './database.ts'

/** A normalised row. */
export interface Row {
  readonly accountId: string
  readonly measuredAt: number
  readonly subscriberCount: number
  /** Distinct without regard to case. */
  readonly categories: readonly string[]
}

/** Begins to load a file that the loader has not taken before. */
export async function beginLoad(loader: Loader, identity: IngestionIdentity, startedAt: number): Promise<Load> {
  const { load } = await loader.begin(identity, startedAt)
  if (!load) throw new Error('the file has been ingested already')
  return load
}

/** Commits the rows as one ingestion, in batches of that many rows. */
export async function loadRows(
  loader: Loader,
  rows: readonly Row[],
  batchRows = 1000,
  identity: Partial<IngestionIdentity> = {},
): Promise<Ingestion> {
  const load = await beginLoad(loader, identityOf(identity), Date.now())
  for (const batch of batchesOf(rows, batchRows)) await load.write(batch)
  return load.commit({ rowsTotal: rows.length, rowsRead: rows.length })
}

export function* batchesOf(rows: readonly Row[], batchRows: number): Generator<MeasurementBatch> {
  const accounts = new Map<string, number>()
  const sets = new Map<string, number>()
  for (let start = 0; start < rows.length; start += batchRows) {
    const part = rows.slice(start, start + batchRows)
    const newAccountIds: string[] = []
    const newCategorySets: (readonly string[])[] = []
    const account = part.map(row => indexIn(accounts, row.accountId, () => newAccountIds.push(row.accountId)))
    const categorySet = part.map(row =>
      indexIn(sets, row.categories.join('\0'), () => newCategorySets.push(row.categories)),
    )
    yield {
      length: part.length,
      newAccountIds,
      newCategorySets,
      account: Uint32Array.from(account),
      measuredAt: Float64Array.from(part, row => row.measuredAt),
      subscriberCount: Float64Array.from(part, row => row.subscriberCount),
      categorySet: Uint32Array.from(categorySet),
    }
  }
}

function indexIn(dictionary: Map<string, number>, key: string, onNew: () => void): number {
  const known = dictionary.get(key)
  if (known !== undefined) return known
  onNew()
  dictionary.set(key, dictionary.size)
  return dictionary.size - 1
}

/** The same rows, taken one at a time. */
export function loadNaively(store: NaiveStore, rows: readonly Row[], id: string): NaiveIngestion {
  const raw = rows.map(({ accountId, measuredAt, subscriberCount, categories }) => ({
    account_id: accountId,
    date: { timestamp: BigInt(measuredAt), unit: 'ms' as const },
    subscriber_count: subscriberCount,
    categories,
  }))
  return store.ingest(raw, { id, now: Date.UTC(2100, 0, 1) })
}

/** Many measurements of one account. */
export function manyOf(n: number, rows: number): Row[] {
  const accountId = idOf(n)
  return Array.from({ length: rows }, (_, i) => ({
    accountId,
    measuredAt: Date.UTC(2024, 4, 1) + i,
    subscriberCount: i,
    categories: [],
  }))
}

export function folded(names: readonly string[]): string[] {
  return names.map(foldCategory).sort()
}
