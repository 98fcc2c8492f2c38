/** Parquet files with the columns of a production drop: text, double, text, text. */
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { parquetWriteFile } from 'hyparquet-writer'
import type { RawRow } from './types.ts'

/** A row of such a file, clean or dirty. */
export interface DropRow extends RawRow {
  readonly account_id: string | null
  readonly date: string | null
  readonly subscriber_count: number | null
  readonly categories: string | null
}

/** `rowGroupSize` in rows. */
export async function writeDrop(filename: string, rows: readonly DropRow[], rowGroupSize = 1000): Promise<void> {
  await parquetWriteFile({
    filename,
    rowGroupSize,
    columnData: [
      { name: 'account_id', type: 'STRING', data: rows.map(row => row.account_id) },
      { name: 'subscriber_count', type: 'DOUBLE', data: rows.map(row => row.subscriber_count) },
      { name: 'date', type: 'STRING', data: rows.map(row => row.date) },
      { name: 'categories', type: 'STRING', data: rows.map(row => row.categories) },
    ],
  })
}

export async function readDrop(filename: string): Promise<DropRow[]> {
  const columns = ['account_id', 'subscriber_count', 'date', 'categories']
  return (await parquetReadObjects({ file: await asyncBufferFromFile(filename), columns })) as unknown as DropRow[]
}
