import { duckdbParquet } from '../../support/parquet/duckdb.ts'

/** Large enough to be watched for some seconds. */
export const LARGE_ROWS = 400_000

const ROWS = `
  SELECT '00000000-0000-4000-8000-' || lpad((i % 4000)::VARCHAR, 12, '0') AS account_id,
    2000 + i AS subscriber_count,
    (TIMESTAMP '2021-01-01' + to_minutes(i // 4000 * 57))::TIMESTAMP_MS AS date,
    'Gaming' AS categories
  FROM range(${LARGE_ROWS}) rows(i)`

/** The bytes of a file whose rows are all new to a database. */
export function largeDrop(): Promise<Uint8Array> {
  return duckdbParquet(ROWS, { rowGroupRows: 51_200 })
}
