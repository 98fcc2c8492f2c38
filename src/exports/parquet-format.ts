import type { SchemaElement } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { COLUMNS, type ColumnName, type ExportRow } from './export-row.ts'

/** Rows that are held in memory until they are written: enough for pages that compress well. */
const ROWS_PER_GROUP = 50_000

const OPTIONAL = { repetition_type: 'OPTIONAL' } as const
const REQUIRED = { repetition_type: 'REQUIRED' } as const
const TEXT = { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } } as const
const WHOLE = { type: 'INT64' } as const
const INSTANT = {
  type: 'INT64',
  converted_type: 'TIMESTAMP_MILLIS',
  logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
} as const

const SCHEMA: SchemaElement[] = [
  { name: 'accounts', num_children: COLUMNS.length },
  { name: 'account_id', ...TEXT, ...REQUIRED },
  { name: 'subscriber_count', ...WHOLE, ...REQUIRED },
  { name: 'date', ...INSTANT, ...REQUIRED },
  { name: 'categories', ...REQUIRED, num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', ...TEXT, ...REQUIRED },
  { name: 'growth_window', ...TEXT, ...REQUIRED },
  { name: 'growth_baseline', ...TEXT, ...REQUIRED },
  { name: 'growth_opens_at', ...INSTANT, ...REQUIRED },
  { name: 'growth_from_date', ...INSTANT, ...OPTIONAL },
  { name: 'growth_from_subscriber_count', ...WHOLE, ...OPTIONAL },
  { name: 'growth_absolute', ...WHOLE, ...OPTIONAL },
  { name: 'growth_percent', type: 'DOUBLE', ...OPTIONAL },
  { name: 'growth_unknown_reason', ...TEXT, ...OPTIONAL },
]

/** Writes rows as Parquet, one row group at a time, so that memory does not grow with the list. */
export class ParquetFormatter {
  readonly #bytes = new ByteWriter()
  readonly #writer: ParquetWriter
  readonly #write: (bytes: Uint8Array) => void
  #rows: ExportRow[] = []

  /** @param write receives bytes that are overwritten after it returns */
  constructor(write: (bytes: Uint8Array) => void, createdBy: string) {
    this.#write = write
    this.#writer = new ParquetWriter({ writer: this.#bytes, schema: SCHEMA, codec: 'SNAPPY', createdBy })
  }

  add(row: ExportRow): void {
    this.#rows.push(row)
    if (this.#rows.length === ROWS_PER_GROUP) this.#writeGroup()
  }

  end(): void {
    this.#writeGroup()
    this.#writer.finish()
    this.#drain()
  }

  #writeGroup(): void {
    const rows = this.#rows
    this.#rows = []
    if (rows.length === 0) return
    const columnData = COLUMNS.map(name => ({ name, data: rows.map(row => cellOf(name, row[name])) }))
    this.#writer.write({ columnData, rowGroupSize: ROWS_PER_GROUP })
    this.#drain()
  }

  /** `index` is the position in the buffer. `offset`, the position in the file, stays. */
  #drain(): void {
    this.#write(this.#bytes.getBytes())
    this.#bytes.index = 0
  }
}

/** The writer takes BigInt for INT64 columns, which include instants. */
function cellOf(name: ColumnName, value: ExportRow[ColumnName]): unknown {
  return typeof value === 'number' && name !== 'growth_percent' ? BigInt(value) : value
}
