import type { FileHandle } from 'node:fs/promises'
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync } from 'hyparquet'
import { Refusal } from '../domain/errors.ts'
import { COLUMN_NAMES, type ColumnKinds, mapColumns } from './columns.ts'

/** A file that may be decoded: its metadata was read and checked, its columns are known. */
export interface Inspected {
  readonly bytes: AsyncBuffer
  readonly metadata: FileMetaData
  readonly kinds: ColumnKinds
  readonly rowsTotal: number
}

const MAGIC = 'PAR1'
const ENCRYPTED_MAGIC = 'PARE'
/** Magic at both ends and the footer's length. */
const SMALLEST_FILE = 12

const CODECS: readonly string[] = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI', 'LZ4', 'LZ4_RAW', 'ZSTD']

/**
 * Reads a file's metadata, and refuses the file if it is not one that can be taken.
 *
 * @throws Refusal NOT_PARQUET, CORRUPT_PARQUET, ENCRYPTED_PARQUET, UNSUPPORTED_PARQUET, MISSING_COLUMN, UNEXPECTED_COLUMN_TYPE
 */
export async function inspect(handle: FileHandle, size: number): Promise<Inspected> {
  await requireMagic(handle, size)
  const bytes = asyncBuffer(handle, size)
  const metadata = await readMetadata(bytes)
  refuseEncrypted(metadata)
  const kinds = mapColumns(metadata)
  refuseUnsupported(metadata)
  return { bytes, metadata, kinds, rowsTotal: rowCount(metadata) }
}

async function requireMagic(handle: FileHandle, size: number): Promise<void> {
  const head = size >= SMALLEST_FILE ? await text(handle, 0) : ''
  const tail = size >= SMALLEST_FILE ? await text(handle, size - 4) : ''
  if (tail === ENCRYPTED_MAGIC || head === ENCRYPTED_MAGIC) throw encrypted()
  if (head === MAGIC && tail === MAGIC) return
  if (head === MAGIC) throw corrupt('it ends before its footer. Was it copied completely?')
  throw new Refusal('NOT_PARQUET', 'The file is not a Parquet file. Convert it to Parquet, or name another.')
}

async function text(handle: FileHandle, position: number): Promise<string> {
  const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, position)
  return buffer.toString('latin1')
}

/** Reads ranges of the open file; a range that the file does not have is a lie of its metadata. */
function asyncBuffer(handle: FileHandle, size: number): AsyncBuffer {
  return {
    byteLength: size,
    async slice(start, end = size) {
      if (!(start >= 0 && start <= end && end <= size)) throw corrupt('its metadata points outside the file.')
      const bytes = new Uint8Array(end - start)
      for (let done = 0; done < bytes.length; ) {
        const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start + done)
        if (bytesRead === 0) throw corrupt('it ended while it was read.')
        done += bytesRead
      }
      return bytes.buffer
    },
  }
}

async function readMetadata(bytes: AsyncBuffer): Promise<FileMetaData> {
  try {
    return await parquetMetadataAsync(bytes, { geoparquet: false })
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw corrupt('its footer cannot be read.')
  }
}

function refuseEncrypted({ row_groups }: FileMetaData): void {
  if (row_groups.some(group => group.columns.some(column => column.crypto_metadata !== undefined))) throw encrypted()
}

function refuseUnsupported({ row_groups }: FileMetaData): void {
  for (const { columns } of row_groups) {
    for (const { meta_data: column } of columns) {
      const name = column?.path_in_schema[0] ?? ''
      if (!column || !(COLUMN_NAMES as readonly string[]).includes(name) || CODECS.includes(column.codec)) continue
      throw new Refusal(
        'UNSUPPORTED_PARQUET',
        `Column ${name} is compressed with ${column.codec ?? 'an unknown codec'}. Use one of ${CODECS.join(', ')}.`,
      )
    }
  }
}

function rowCount({ num_rows, row_groups }: FileMetaData): number {
  const ofGroups = row_groups.reduce((sum, group) => sum + group.num_rows, 0n)
  if (num_rows < 0n || ofGroups !== num_rows) {
    throw corrupt(`its footer declares ${num_rows} rows, its row groups ${ofGroups}.`)
  }
  return Number(num_rows)
}

function encrypted(): Refusal {
  return new Refusal('ENCRYPTED_PARQUET', 'The file is encrypted. Write it again without encryption.')
}

/** @param how completes the sentence "The file is damaged: …" */
export function corrupt(how: string): Refusal {
  return new Refusal('CORRUPT_PARQUET', `The file is damaged: ${how}`)
}
