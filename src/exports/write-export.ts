import { createHash } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import type { Account } from '../domain/account.ts'
import { AppError } from '../domain/errors.ts'
import type { ExportFormat, ExportRequest, ExportSummary } from '../domain/exporter.ts'
import type { GrowthKind } from '../domain/growth.ts'
import { type ExportRow, exportRow } from './export-row.ts'
import { ParquetFormatter } from './parquet-format.ts'
import { CSV_HEADER, csvFormatter, jsonFormatter } from './text-formats.ts'

const ROWS_PER_PROGRESS = 10_000

/**
 * Writes a list of accounts to a new file, row by row.
 *
 * @param accounts in list order; each is read after the one before it is written
 * @param onRows called from time to time with the number of rows written so far
 * @throws AppError EXPORT_TOO_LARGE, DATABASE_FULL, DATABASE_READ_ONLY
 */
export function writeExport(
  { format, path, maxBytes }: Pick<ExportRequest, 'format' | 'path' | 'maxBytes'>,
  accounts: Iterable<Account>,
  kind: GrowthKind,
  onRows: (rows: number) => void = () => {},
): Pick<ExportSummary, 'rows' | 'bytes' | 'sha256'> {
  const file = new ExportFile(path, maxBytes)
  try {
    const writer = rowWriter(format, file)
    let rows = 0
    for (const account of accounts) {
      writer.add(exportRow(account, kind))
      if (++rows % ROWS_PER_PROGRESS === 0) onRows(rows)
    }
    writer.end()
    return { rows, ...file.end() }
  } finally {
    file.close()
  }
}

interface RowWriter {
  add(row: ExportRow): void
  end(): void
}

function rowWriter(format: ExportFormat, file: ExportFile): RowWriter {
  if (format === 'parquet') return new ParquetFormatter(bytes => file.write(bytes), 'account-growth')
  const formatRow = format === 'csv' ? csvFormatter() : jsonFormatter()
  if (format === 'csv') file.writeText(CSV_HEADER)
  return { add: row => file.writeText(formatRow(row)), end() {} }
}

const BUFFERED_CHARACTERS = 256 * 1024

/** A new file with a maximum size, hashed while it is written. */
class ExportFile {
  readonly #handle: number
  readonly #maxBytes: number
  readonly #hash = createHash('sha256')
  #text = ''
  #bytes = 0

  constructor(path: string, maxBytes: number) {
    this.#maxBytes = maxBytes
    this.#handle = translateErrors(() => openSync(path, 'wx'))
  }

  writeText(text: string): void {
    this.#text += text
    if (this.#text.length >= BUFFERED_CHARACTERS) this.#flush()
  }

  write(bytes: Uint8Array): void {
    this.#bytes += bytes.length
    if (this.#bytes > this.#maxBytes) throw tooLarge(this.#maxBytes)
    this.#hash.update(bytes)
    translateErrors(() => {
      for (let written = 0; written < bytes.length; ) written += writeSync(this.#handle, bytes, written)
    })
  }

  end(): { readonly bytes: number; readonly sha256: string } {
    this.#flush()
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') }
  }

  close(): void {
    closeSync(this.#handle)
  }

  #flush(): void {
    const bytes = Buffer.from(this.#text)
    this.#text = ''
    this.write(bytes)
  }
}

function tooLarge(maxBytes: number): AppError {
  const message = `The export is larger than the ${maxBytes} bytes that are allowed. Narrow its filter, or raise EXPORT_MAX_FILE_MB.`
  return new AppError('EXPORT_TOO_LARGE', message)
}

const DISK_FULL = 'The disk has no space left for the export. Free some space, then try again.'
const NOT_WRITABLE = 'The export file cannot be written. Check its folder, the permissions and the disk.'

/** Throws errors of the file system as AppErrors where a person can act on them. */
function translateErrors<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code)) throw new AppError('DATABASE_FULL', DISK_FULL)
    if (['EROFS', 'EACCES', 'EPERM', 'ENOENT', 'ENOTDIR'].includes(code))
      throw new AppError('DATABASE_READ_ONLY', NOT_WRITABLE)
    throw error
  }
}
