import type { SchemaElement } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import type { DemoRow } from './row.ts'

const ROWS_PER_GROUP = 100_000

const text = (name: string): SchemaElement => ({
  name,
  type: 'BYTE_ARRAY',
  repetition_type: 'OPTIONAL',
  converted_type: 'UTF8',
  logical_type: { type: 'STRING' },
})

const number = (name: string, type: 'DOUBLE' | 'INT64'): SchemaElement => ({ name, type, repetition_type: 'OPTIONAL' })

/** The columns of a production drop, with the two that a data frame leaves behind. */
const schema: SchemaElement[] = [
  { name: 'schema', repetition_type: 'REQUIRED', num_children: 6 },
  text('account_id'),
  number('subscriber_count', 'DOUBLE'),
  text('date'),
  number('index', 'INT64'),
  text('categories'),
  number('__index_level_0__', 'INT64'),
]

/**
 * Accounts repeat in every drop, but the writer, looking at a thousand rows far apart, takes their ids for unique.
 * Asked for a dictionary it makes files a third of the size.
 */
const IDS = 'RLE_DICTIONARY'

/** Numbers that rise by one. */
const COUNTERS = 'DELTA_BINARY_PACKED'

/** The rows as Snappy-compressed Parquet. `firstRow` is where the data frame's own numbering begins. */
export function parquetOf(rows: readonly DemoRow[], firstRow: number): Uint8Array {
  const buffer = parquetWriteBuffer({
    schema,
    columnData: [
      { name: 'account_id', data: rows.map(row => row.id), encoding: IDS },
      { name: 'subscriber_count', data: rows.map(row => row.count) },
      { name: 'date', data: rows.map(row => row.date) },
      { name: 'index', data: rows.map(row => row.roster), encoding: COUNTERS },
      { name: 'categories', data: rows.map(row => row.tags) },
      { name: '__index_level_0__', data: rows.map((_, index) => firstRow + index), encoding: COUNTERS },
    ],
    codec: 'SNAPPY',
    rowGroupSize: ROWS_PER_GROUP,
    createdBy: 'account-growth demo data',
  })
  return new Uint8Array(buffer)
}
