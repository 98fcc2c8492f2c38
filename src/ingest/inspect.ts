import type { FileHandle } from 'node:fs/promises'
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetSchema, type SchemaTree } from 'hyparquet'
import { Refusal } from '../domain/errors.ts'
import { COLUMN_NAMES, type ColumnKinds, mapColumns } from './columns.ts'
import type { Declared } from './declared.ts'

/** A file that may be decoded: its metadata was read and checked, its columns are known. */
export interface Inspected {
  readonly bytes: AsyncBuffer
  readonly metadata: FileMetaData
  readonly kinds: ColumnKinds
  readonly declared: Declared
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
  try {
    return judge(bytes, await parquetMetadataAsync(bytes, { geoparquet: false, parsers: AS_STORED }))
  } catch (error) {
    // A damaged footer can have any shape, and fail anywhere.
    throw error instanceof Refusal ? error : corrupt('its footer cannot be read.')
  }
}

/** Bounds in the footer are compared with values as they are stored. */
const AS_STORED = {
  stringFromBytes: keep,
  dateFromDays: keep,
  timestampFromMilliseconds: keep,
  timestampFromMicroseconds: keep,
  timestampFromNanoseconds: keep,
  uuidFromBytes: keep,
}

function keep<Value>(value: Value): Value {
  return value
}

function judge(bytes: AsyncBuffer, whole: FileMetaData): Inspected {
  const kinds = mapColumns(whole)
  const metadata = withNeededChunks(whole)
  refuseEncrypted(metadata)
  refuseUnsupported(metadata)
  return { bytes, metadata, kinds, declared: declaredBy(metadata) }
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
    slice(start, end = size) {
      const bytes = readRange(handle, size, start, end)
      // The decoder reads ahead, and gives up at the first failure without a look at the others.
      bytes.catch(() => {})
      return bytes
    },
  }
}

async function readRange(handle: FileHandle, size: number, start: number, end: number): Promise<ArrayBuffer> {
  if (!(start >= 0 && start <= end && end <= size)) throw corrupt('its metadata points outside the file.')
  const bytes = new Uint8Array(end - start)
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start + done)
    if (bytesRead === 0) throw corrupt('it ended while it was read.')
    done += bytesRead
  }
  return bytes.buffer
}

/** Chunks are found by their place, which is that of their leaf in the schema: an encrypted one may not say its name. */
function withNeededChunks(metadata: FileMetaData): FileMetaData {
  const isNeeded = parquetSchema(metadata).children.flatMap(field =>
    new Array<boolean>(leafCount(field)).fill((COLUMN_NAMES as readonly string[]).includes(field.element.name)),
  )
  const row_groups = metadata.row_groups.map(group => ({
    ...group,
    columns: group.columns.filter((_, index) => isNeeded[index]),
  }))
  return { ...metadata, row_groups }
}

function leafCount({ children }: SchemaTree): number {
  return children.length === 0 ? 1 : children.reduce((sum, child) => sum + leafCount(child), 0)
}

function refuseEncrypted({ row_groups }: FileMetaData): void {
  if (row_groups.some(group => group.columns.some(column => column.crypto_metadata !== undefined))) throw encrypted()
}

function refuseUnsupported({ row_groups }: FileMetaData): void {
  for (const { columns } of row_groups) {
    for (const { meta_data: column } of columns) {
      if (!column || CODECS.includes(column.codec)) continue
      throw new Refusal(
        'UNSUPPORTED_PARQUET',
        `Column ${column.path_in_schema[0]} is compressed with ${column.codec ?? 'an unknown codec'}. Use one of ${CODECS.join(', ')}.`,
      )
    }
  }
}

function declaredBy({ num_rows, row_groups }: FileMetaData): Declared {
  const ofGroups = row_groups.reduce((sum, group) => sum + group.num_rows, 0n)
  if (num_rows < 0n || ofGroups !== num_rows || row_groups.some(group => group.num_rows < 0n)) {
    throw corrupt(`its footer declares ${num_rows} rows, its row groups ${ofGroups}.`)
  }
  const sizes = row_groups.map(({ columns }) =>
    columns.reduce((sum, { meta_data }) => sum + Number(meta_data?.total_uncompressed_size ?? 0n), 0),
  )
  return {
    rows: Number(num_rows),
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    largestRowGroupBytes: sizes.reduce((largest, size) => Math.max(largest, size), 0),
  }
}

function encrypted(): Refusal {
  return new Refusal('ENCRYPTED_PARQUET', 'The file is encrypted. Write it again without encryption.')
}

/** @param how completes the sentence "The file is damaged: …" */
export function corrupt(how: string): Refusal {
  return new Refusal('CORRUPT_PARQUET', `The file is damaged: ${how}`)
}
