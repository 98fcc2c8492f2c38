import type { FileHandle } from 'node:fs/promises'
import type { AsyncBuffer } from 'hyparquet'
import { AppError, isUserError } from '../domain/errors.ts'
import { type ChunkMetadata, type Footer, readFooter } from '../parquet/footer.ts'
import { columnChunks, encrypted, type RowGroupChunks } from '../parquet/row-groups.ts'
import { type Leaf, leavesOf } from '../parquet/schema.ts'
import { corrupt } from '../parquet/warnings.ts'
import { COLUMN_NAMES, type ColumnKinds, type ColumnName, mapColumns } from './columns.ts'
import type { DeclaredSize } from './resource-limits.ts'

/** A file whose metadata was read and checked, and whose columns are known. */
export interface Inspected {
  readonly bytes: AsyncBuffer
  readonly groups: readonly RowGroupChunks<ColumnName>[]
  readonly kinds: ColumnKinds
  readonly declared: DeclaredSize
}

const MAGIC = 'PAR1'
const ENCRYPTED_MAGIC = 'PARE'
/** Magic at both ends and the footer's length. */
const SMALLEST_FILE = 12

/**
 * Reads a file's footer and finds the four columns in it.
 *
 * @throws AppError NOT_PARQUET, CORRUPT_PARQUET, ENCRYPTED_PARQUET, UNSUPPORTED_PARQUET, MISSING_COLUMN, UNEXPECTED_COLUMN_TYPE
 */
export async function inspect(handle: FileHandle, size: number): Promise<Inspected> {
  await requireMagic(handle, size)
  const bytes = asyncBuffer(handle, size)
  try {
    return inspectFooter(bytes, await readFooter(bytes))
  } catch (error) {
    // A damaged footer can have any shape, and reading it can fail anywhere.
    throw isUserError(error) ? error : corrupt('its footer cannot be read.')
  }
}

function inspectFooter(bytes: AsyncBuffer, footer: Footer): Inspected {
  // Proves that the schema is a whole tree before anything walks it.
  const leaves = leavesOf(footer.schema)
  const kinds = mapColumns(footer)
  requireSameRows(footer)
  const wanted = COLUMN_NAMES.map(name => [name, leaves.find(({ path }) => path[0] === name)!] as const)
  const groups = columnChunks(footer, leaves, Object.fromEntries(wanted) as Record<ColumnName, Leaf>)
  return { bytes, groups, kinds, declared: declaredBy(groups) }
}

async function requireMagic(handle: FileHandle, size: number): Promise<void> {
  const head = size >= SMALLEST_FILE ? await text(handle, 0) : ''
  const tail = size >= SMALLEST_FILE ? await text(handle, size - 4) : ''
  if (tail === ENCRYPTED_MAGIC || head === ENCRYPTED_MAGIC) throw encrypted()
  if (head === MAGIC && tail === MAGIC) return
  if (head === MAGIC) throw corrupt('it ends before its footer. Was it copied completely?')
  throw new AppError('NOT_PARQUET', 'The file is not a Parquet file. Convert it to Parquet, or name another.')
}

async function text(handle: FileHandle, position: number): Promise<string> {
  const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, position)
  return buffer.toString('latin1')
}

/** Reads ranges of the open file. A range outside of the file comes from wrong metadata. */
function asyncBuffer(handle: FileHandle, size: number): AsyncBuffer {
  return {
    byteLength: size,
    slice(start, end = size) {
      const bytes = readRange(handle, size, start, end)
      // The decoder reads ahead and stops at the first failure, without awaiting the others.
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

function requireSameRows({ rows, rowGroups }: Footer): void {
  const ofGroups = rowGroups.reduce((sum, group) => sum + group.rows, 0n)
  if (rows < 0n || ofGroups !== rows || rowGroups.some(group => group.rows < 0n)) {
    throw corrupt(`its footer declares ${rows} rows, its row groups ${ofGroups}.`)
  }
}

/** The least memory that a decoded cell takes, however small it is in the file. */
const CELL_BYTES = 8

function declaredBy(groups: readonly RowGroupChunks<ColumnName>[]): DeclaredSize {
  const sizes = groups.map(({ chunks }) =>
    Object.values(chunks).reduce((sum, { metadata }) => sum + declaredBytes(metadata), 0),
  )
  return {
    rows: groups.reduce((sum, { rows }) => sum + rows, 0),
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    largestRowGroupBytes: sizes.reduce((largest, size) => Math.max(largest, size), 0),
  }
}

/** The sizes of a chunk can be wrong, even negative: DecodedBytes adds up those of its pages. */
function declaredBytes({ uncompressedSize, values }: ChunkMetadata): number {
  return Math.max(Number(uncompressedSize), Number(values) * CELL_BYTES)
}
