import { type Column, INT64, idOf, MILLIS, parquetOf, TEXT } from '../../support/parquet/columns.ts'

/** Large enough to be watched for some seconds. */
export const LARGE_ROWS = 400_000
const ACCOUNTS = 4_000
const HOUR_MS = 3_400_000

/** The bytes of a file whose rows are all new to a database. */
export function largeDrop(): Uint8Array {
  const numbers = Array.from({ length: LARGE_ROWS }, (_, i) => i)
  const instants = numbers.map(i => BigInt(Date.UTC(2021, 0) + Math.floor(i / ACCOUNTS) * HOUR_MS))
  const columns: Column[] = [
    { name: 'account_id', element: TEXT, data: numbers.map(i => idOf(i % ACCOUNTS)), encoding: 'RLE_DICTIONARY' },
    { name: 'subscriber_count', element: INT64, data: numbers.map(i => BigInt(2_000 + i)) },
    { name: 'date', element: MILLIS, data: instants },
    { name: 'categories', element: TEXT, data: numbers.map(() => 'Gaming') },
  ]
  return parquetOf(columns, { rowGroupSize: 50_000 })
}
