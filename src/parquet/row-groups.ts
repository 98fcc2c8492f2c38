import type { SchemaElement, Statistics } from 'hyparquet'
import { AppError } from '../domain/errors.ts'
import { corrupt } from './corrupt.ts'
import type { ChunkMetadata, Footer, FooterColumn, FooterRowGroup } from './footer.ts'
import { type Leaf, leavesOf } from './leaves.ts'

/** One column of one row group. */
export interface Chunk {
  readonly leaf: Leaf
  readonly metadata: ChunkMetadata
  /** Where its pages begin in the file, and where they end according to the footer; never within another needed chunk. */
  readonly start: number
  readonly end: number
  /** Where the next chunk of any column, or the footer, begins: the pages can end there when the footer is wrong. */
  readonly limit: number
  /** @throws Error when the statistics cannot be read */
  readonly statistics: () => Statistics | undefined
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
 * The row groups that have rows, with the chunks of the needed columns. A chunk is found by its position, which is that of
 * its leaf in the schema: an encrypted chunk may not have a name, and some writers put another name there.
 *
 * @param footer whose schema is a whole tree
 * @param positions of the needed columns among the leaves of the schema
 * @throws AppError ENCRYPTED_PARQUET, UNSUPPORTED_PARQUET, CORRUPT_PARQUET
 */
export function neededChunks<Name extends string>(
  footer: Footer,
  positions: Readonly<Record<Name, number>>,
): NeededChunks<Name>[] {
  const leaves = leavesOf(footer.schema)
  const elements = footer.schema.filter(({ type }) => type !== undefined)
  const starts = chunkStarts(footer)
  const groups = footer.groups.flatMap((group, index) => {
    if (group.rows === 0n) return []
    const number = index + 1
    const chunks = Object.entries<number>(positions).map(([name, position]) => {
      return [name, chunkAt(group, position, leaves, elements[position]!, starts, number)]
    })
    return { number, rows: Number(group.rows), chunks: Object.fromEntries(chunks) as Record<Name, Chunk> }
  })
  return keptApart(groups, footer.start)
}

/** Where the chunks of all columns and the footer begin, in ascending order. */
function chunkStarts({ groups, start }: Footer): number[] {
  const starts = groups.flatMap(({ columns }) => columns.flatMap(column => column.start ?? []))
  return [...starts.filter(at => at >= MAGIC_BYTES && at < start), start].sort((a, b) => a - b)
}

function chunkAt(
  { columns }: FooterRowGroup,
  position: number,
  leaves: readonly Leaf[],
  element: SchemaElement,
  starts: readonly number[],
  group: number,
): Chunk {
  const leaf = leaves[position]!
  const name = leaf.path[0]
  const column = columns[position]
  if (column?.isEncrypted) throw encrypted()
  if (!column || columns.length !== leaves.length) {
    throw corrupt(`row group ${group} has ${columns.length} columns where the schema has ${leaves.length}.`)
  }
  const metadata = column.metadata()
  if (metadata.type !== leaf.type || isAnother(leaf, column, leaves, columns)) {
    throw corrupt(`column ${name}, row group ${group} is not what the schema says.`)
  }
  if (!CODECS.includes(metadata.codec)) throw unknownCodec(name, metadata.codec)
  const start = column.start ?? Number.NaN
  const limit = starts.find(at => at > start) ?? Number.NaN
  if (!(start >= MAGIC_BYTES && start < limit)) throw corrupt(`column ${name} points outside the file.`)
  const end = start + Math.max(0, Number(metadata.total_compressed_size))
  return { leaf, metadata, start, end, limit, statistics: () => column.statistics(element) }
}

/** Whether the chunk at the leaf's position has the name of another leaf, or another chunk has the leaf's name. */
function isAnother(
  leaf: Leaf,
  { path }: FooterColumn,
  leaves: readonly Leaf[],
  columns: readonly FooterColumn[],
): boolean {
  if (path === undefined || isSamePath(path, leaf.path)) return false
  return (
    leaves.some(other => isSamePath(other.path, path)) ||
    columns.some(other => other.path !== undefined && isSamePath(other.path, leaf.path))
  )
}

function isSamePath(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, at) => name === other[at])
}

const MAGIC_BYTES = 4

/**
 * Ends each chunk where the next needed one begins: chunks that share bytes could unfold a small file to any size, or
 * pass one column off as another.
 */
function keptApart<Name extends string>(
  groups: readonly NeededChunks<Name>[],
  footerStart: number,
): NeededChunks<Name>[] {
  const starts = groups.flatMap(({ chunks }) => Object.values<Chunk>(chunks).map(({ start }) => start))
  const sorted = [...starts, footerStart].sort((a, b) => a - b)
  const twin = sorted.find((start, index) => start === sorted[index + 1])
  const nextAfter = new Map(sorted.map((start, index) => [start, sorted[index + 1] ?? footerStart]))
  return groups.map(group => {
    const chunks = Object.entries<Chunk>(group.chunks).map(([name, chunk]) => {
      if (chunk.start === twin) throw corrupt(`column ${name} is where something else is.`)
      return [name, { ...chunk, end: Math.min(chunk.end, nextAfter.get(chunk.start)!) }]
    })
    return { ...group, chunks: Object.fromEntries(chunks) as Record<Name, Chunk> }
  })
}

export function encrypted(): AppError {
  return new AppError('ENCRYPTED_PARQUET', 'The file is encrypted. Write it again without encryption.')
}

function unknownCodec(name: string | undefined, codec: string | undefined): AppError {
  const message = `Column ${name} is compressed with ${codec ?? 'an unknown codec'}. Use one of ${CODECS.join(', ')}.`
  return new AppError('UNSUPPORTED_PARQUET', message)
}
