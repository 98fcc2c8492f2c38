import type { IngestionWarning } from '../../../src/domain/ingestion.ts'
import type { Load } from '../../../src/domain/loader.ts'
import type { MeasurementBatch } from '../../../src/domain/measurement.ts'
import { SqliteLoader } from '../../../src/storage/sqlite/load/loader.ts'
import { beginLoad } from '../../ingestion/support/loads.ts'

export type Row = readonly [account: number, count: number, at: string, categories?: readonly string[]]

export const accountIdOf = (account: number) => `00000000-0000-4000-8000-${String(account).padStart(12, '0')}`

export const FIRST: readonly Row[] = [
  [1, 1_000, '2023-05-02T08:00:00Z', ['Gaming']],
  [1, 1_200, '2024-04-20T08:00:00Z', ['Gaming', 'education']],
  [1, 1_500, '2024-05-10T08:00:00Z', ['Gaming', 'education']],
  [2, 2_000, '2024-03-01T00:00:00Z'],
  [2, 2_600, '2024-05-25T00:00:00Z', ['Straße', 'Gaming', 'Ångström']],
  [3, 0, '2024-05-20T12:00:00Z', ['Podcast']],
  [3, 9_007_199_254_740_991, '2024-05-28T12:00:00.123Z', ['Podcast']],
  [4, 900, '2024-05-28T12:00:00Z', ['Podcast']],
  [5, 5_000_000, '2022-01-01T00:00:00Z', ['Gaming']],
  // Corrected within the file.
  [5, 5_000_001, '2022-01-01T00:00:00Z', ['Gaming', 'Podcast']],
]

export const SECOND: readonly Row[] = [
  [1, 1_501, '2024-05-10T08:00:00Z', ['GAMING']],
  [2, 2_600, '2024-05-25T00:00:00Z', ['Straße', 'Gaming', 'Ångström']],
  [5, 6_000_000, '2022-01-01T00:00:00Z', ['Gaming']],
  [6, 7_000, '2024-05-30T23:59:59.999Z', ['Gaming', 'Podcast', 'education']],
  [6, 6_000, '2024-05-01T00:00:00Z', []],
]

const REVERTED: readonly Row[] = [
  [7, 8_000, '2024-06-30T00:00:00Z', ['New']],
  [1, 1_502, '2024-05-10T08:00:00Z', ['New']],
]

const WARNINGS: readonly IngestionWarning[] = [
  { code: 'SIZE_DISAGREES', column: 'date', message: 'Column date: the footer declares 10 bytes, the pages have 12.' },
  { code: 'TRAILING_BYTES', column: null, message: 'Two bytes follow the last page.' },
]

/**
 * Has a migrated database go through all that can happen to one, so that there is a row in every table. The same each
 * time, but for when it was finished.
 */
export async function fillEveryTable(path: string): Promise<void> {
  const loader = new SqliteLoader(path)
  try {
    await load(loader, 1, FIRST)
    await load(loader, 2, SECOND, { rejected: 3, warnings: WARNINGS })
    await load(loader, 3, REVERTED, { dryRun: true })
    await load(loader, 4, REVERTED)
    await loader.revert(ingestionIdOf(4))
    const failed = await begin(loader, 5, false)
    await failed.write(batchOf(REVERTED))
    await failed.reject(rejections(2))
    await failed.rollBack(
      { code: 'TOO_MANY_REJECTED_ROWS', field: ['input', 'file'], message: 'More than half of the rows are rejected.' },
      { rowsTotal: 4, rowsRead: 4 },
    )
  } finally {
    await loader.close()
  }
}

export const ingestionIdOf = (number: number) => `10000000-0000-4000-8000-${String(number).padStart(12, '0')}`

interface LoadOptions {
  readonly rejected?: number
  readonly dryRun?: boolean
  readonly warnings?: readonly IngestionWarning[]
}

async function load(
  loader: SqliteLoader,
  number: number,
  rows: readonly Row[],
  { rejected = 0, dryRun = false, warnings = [] }: LoadOptions = {},
) {
  const load = await begin(loader, number, dryRun)
  await load.write(batchOf(rows))
  await load.reject(rejections(rejected))
  await load.warn(warnings)
  const all = rows.length + rejected
  await load.commit({ rowsTotal: all, rowsRead: all })
}

function begin(loader: SqliteLoader, number: number, dryRun: boolean): Promise<Load> {
  const sha256 = String(number).padStart(64, '0')
  const queuedAt = Date.UTC(2024, 6, number)
  const identity = { id: ingestionIdOf(number), fileName: `drop-${number}.parquet`, sha256, fileSize: 1_000 + number }
  return beginLoad(loader, { ...identity, dryRun, queuedAt, programVersion: '0.1.0' }, queuedAt + 1)
}

function rejections(count: number) {
  const rows = Array.from({ length: count }, (_, index) => ({
    rowNumber: index + 1,
    reason: 'INVALID_ACCOUNT_ID' as const,
    column: 'account_id',
    row: '{"account_id":"nobody","date":"2024-05-01","subscriber_count":1,"categories":null}',
  }))
  return { counts: new Map(count > 0 ? [['INVALID_ACCOUNT_ID' as const, count]] : []), rows }
}

function batchOf(rows: readonly Row[]): MeasurementBatch {
  const accounts = [...new Set(rows.map(([account]) => account))]
  const sets = [...new Set(rows.map(([, , , categories = []]) => categories.join(';')))]
  return {
    length: rows.length,
    newAccountIds: accounts.map(accountIdOf),
    newCategorySets: sets.map(names => names.split(';').filter(name => name !== '')),
    account: Uint32Array.from(rows, ([account]) => accounts.indexOf(account)),
    measuredAt: Float64Array.from(rows, ([, , at]) => Date.parse(at)),
    subscriberCount: Float64Array.from(rows, ([, count]) => count),
    categorySet: Uint32Array.from(rows, ([, , , categories = []]) => sets.indexOf(categories.join(';'))),
  }
}
