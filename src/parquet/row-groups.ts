import type { ColumnMetaData, FileMetaData, RowGroup } from 'hyparquet'
import { AppError } from '../domain/errors.ts'
import { corrupt } from './corrupt.ts'
import { type Leaf, leavesOf } from './leaves.ts'

/** One column of one row group. */
export interface Chunk {
  readonly leaf: Leaf
  readonly metadata: ColumnMetaData
  /** Where its pages are in the file. */
  readonly start: number
  readonly end: number
}

/** The needed columns of one row group. */
export interface NeededChunks<Name extends string> {
  /** Of the row group in the file, from 1. */
  readonly number: number
  readonly rows: number
  readonly chunks: Readonly<Record<Name, Chunk>>
}

const CODECS: readonly string[] = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI', 'LZ4', 'LZ4_RAW', 'ZSTD']

/**
 * The row groups that have rows, with the chunks of the columns `names`. Chunks are found by their place, which is that
 * of their leaf in the schema: an encrypted one may not say its name.
 *
 * @param metadata whose schema is a whole tree that has these columns
 * @throws AppError ENCRYPTED_PARQUET, UNSUPPORTED_PARQUET, CORRUPT_PARQUET
 */
export function neededChunks<Name extends string>(
  metadata: FileMetaData,
  fileSize: number,
  names: readonly Name[],
): NeededChunks<Name>[] {
  const leaves = leavesOf(metadata.schema)
  const places = names.map(name => [name, leaves.findIndex(({ path }) => path[0] === name)] as const)
  const groups = metadata.row_groups.map((group, index) => {
    const found = places.map(([name, place]) => [name, chunkAt(group, place, leaves, index + 1)] as const)
    return {
      number: index + 1,
      rows: Number(group.num_rows),
      chunks: Object.fromEntries(found) as Record<Name, Chunk>,
    }
  })
  const filled = groups.filter(({ rows }) => rows !== 0)
  requireApart(filled, fileSize - FOOTER_TAIL - metadata.metadata_length)
  return filled
}

function chunkAt({ columns }: RowGroup, place: number, leaves: readonly Leaf[], group: number): Chunk {
  const leaf = leaves[place]!
  const name = leaf.path[0]
  const column = columns[place]
  if (column?.crypto_metadata !== undefined) throw encrypted()
  const metadata = column?.meta_data
  if (!metadata || columns.length !== leaves.length) {
    throw corrupt(`row group ${group} has ${columns.length} columns where the schema has ${leaves.length}.`)
  }
  if (metadata.path_in_schema.join('\0') !== leaf.path.join('\0') || metadata.type !== leaf.type) {
    throw corrupt(`column ${name}, row group ${group} is not what the schema says.`)
  }
  if (!CODECS.includes(metadata.codec)) throw unknownCodec(name, metadata.codec)
  return { leaf, metadata, ...rangeOf(metadata, `column ${name}, row group ${group}`) }
}

/**
 * Where the pages of a column chunk are. A dictionary comes first; some writers claim one at 0, or behind the pages.
 *
 * @throws AppError CORRUPT_PARQUET when it claims fewer bytes or values than none
 */
export function rangeOf(metadata: ColumnMetaData, place: string): { start: number; end: number } {
  const { data_page_offset: data, dictionary_page_offset: dictionary = 0n } = metadata
  const { total_compressed_size: stored, total_uncompressed_size: unfolded, num_values: values } = metadata
  if (stored < 0n || unfolded < 0n || values < 0n) throw corrupt(`${place} claims an impossible size.`)
  const start = Number(dictionary > 0n && dictionary < data ? dictionary : data)
  return { start, end: start + Number(stored) }
}

const MAGIC_BYTES = 4
/** The footer's length and the magic number. */
const FOOTER_TAIL = 8

/** Chunks that share bytes could unfold a small file to any size, or pass one column off as another. */
function requireApart(groups: readonly NeededChunks<string>[], end: number): void {
  const chunks = groups.flatMap(group => Object.values(group.chunks)).sort((a, b) => a.start - b.start)
  let free = MAGIC_BYTES
  for (const chunk of chunks) {
    const place = `column ${chunk.leaf.path[0]}`
    if (chunk.start < free) throw corrupt(`${place} is where something else is.`)
    if (!(chunk.end <= end)) throw corrupt(`${place} points outside the file.`)
    free = chunk.end
  }
}

export function encrypted(): AppError {
  return new AppError('ENCRYPTED_PARQUET', 'The file is encrypted. Write it again without encryption.')
}

function unknownCodec(name: string | undefined, codec: string | undefined): AppError {
  const message = `Column ${name} is compressed with ${codec ?? 'an unknown codec'}. Use one of ${CODECS.join(', ')}.`
  return new AppError('UNSUPPORTED_PARQUET', message)
}
