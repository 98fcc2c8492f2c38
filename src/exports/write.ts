import type { Account } from '../domain/account.ts'
import type { ExportFormat, ExportRequest, ExportSummary } from '../domain/exporter.ts'
import type { GrowthKind } from '../domain/growth.ts'
import { CSV_HEADER, csvLines } from './csv.ts'
import { jsonLines } from './ndjson.ts'
import { OutputFile } from './output-file.ts'
import { ParquetRows } from './parquet.ts'
import { type ExportRow, exportRow } from './row.ts'

const TELL_EVERY_ROWS = 10_000

/** What takes the rows of one format. */
interface Rows {
  add(row: ExportRow): void
  end(): void
}

/**
 * Writes a list of accounts to a new file, row by row.
 *
 * @param accounts in the order of the list; each is read when the one before it is written
 * @throws AppError EXPORT_TOO_LARGE, DATABASE_FULL, DATABASE_READ_ONLY when the disk is full or must not be written to
 */
export function writeExport(
  { format, path, maxBytes }: Pick<ExportRequest, 'format' | 'path' | 'maxBytes'>,
  accounts: Iterable<Account>,
  kind: GrowthKind,
  onRows: (rows: number) => void = () => {},
): Pick<ExportSummary, 'rows' | 'bytes' | 'sha256'> {
  const file = new OutputFile(path, maxBytes)
  try {
    const rows = rowsOf(format, file)
    let count = 0
    for (const account of accounts) {
      rows.add(exportRow(account, kind))
      if (++count % TELL_EVERY_ROWS === 0) onRows(count)
    }
    rows.end()
    return { rows: count, ...file.end() }
  } finally {
    file.close()
  }
}

function rowsOf(format: ExportFormat, file: OutputFile): Rows {
  if (format === 'parquet') return new ParquetRows(bytes => file.write(bytes), 'account-growth')
  const line = format === 'csv' ? csvLines() : jsonLines()
  if (format === 'csv') file.writeText(CSV_HEADER)
  return { add: row => file.writeText(line(row)), end() {} }
}
