import { AppError } from '../domain/errors.ts'
import {
  type ChunkMetadata,
  chunkMetadata,
  chunkPath,
  chunkStart,
  type Footer,
  type FooterRowGroup,
  isEncrypted,
} from './footer.ts'
import type { Leaf } from './schema.ts'
import { corrupt } from './warnings.ts'

/** The pages of one column in one row group. */
export interface ColumnChunk {
  readonly leaf: Leaf
  readonly metadata: ChunkMetadata
  /** Offset of the first page in the file. */
  readonly start: number
  /** Offset at which the pages end by the size that the footer declares, which real writers get wrong. */
  readonly declaredEnd: number
  /**
   * Offset that no page may reach beyond. Pages never share bytes with another chunk that is read, and where the declared
   * size is too small they end before the next chunk of any column.
   */
  readonly limit: number
  /** For messages: column and row group. */
  readonly place: string
}

/** The column chunks of one row group that are read. */
export interface RowGroupChunks<Name extends string> {
  readonly rows: number
  readonly chunks: Readonly<Record<Name, ColumnChunk>>
}

const CODECS: readonly (string | undefined)[] = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI', 'LZ4', 'LZ4_RAW', 'ZSTD']
const MAGIC_BYTES = 4

/**
 * Finds the chunks of some columns in the row groups that have rows.
 *
 * A chunk is found by its number, which is that of its leaf in the schema, because the name that it repeats is absent
 * when it is encrypted, and unknown to the schema in files of some writers.
 *
 * @throws AppError ENCRYPTED_PARQUET, UNSUPPORTED_PARQUET for an unknown codec, CORRUPT_PARQUET when a chunk is missing,
 *   is named as another column, or shares bytes with another chunk
 */
export function columnChunks<Name extends string>(
  footer: Footer,
  allLeaves: readonly Leaf[],
  wanted: Readonly<Record<Name, Leaf>>,
): RowGroupChunks<Name>[] {
  const names = Object.keys(wanted) as Name[]
  const groups = footer.rowGroups.flatMap((group, i) => {
    if (group.rows === 0n) return []
    const chunks = names.map(name => [name, findChunk(group, i + 1, wanted[name], allLeaves)] as const)
    return [{ rows: Number(group.rows), chunks: Object.fromEntries(chunks) as Record<Name, FoundChunk> }]
  })
  const limits = limitsOf(
    groups.flatMap(({ chunks }) => Object.values<FoundChunk>(chunks)),
    footer,
  )
  return groups.map(({ rows, chunks }) => {
    const limited = names.map(name => [name, { ...chunks[name], limit: limits.get(chunks[name])! }] as const)
    return { rows, chunks: Object.fromEntries(limited) as unknown as Record<Name, ColumnChunk> }
  })
}

type FoundChunk = Omit<ColumnChunk, 'limit'>

function findChunk({ columns }: FooterRowGroup, number: number, leaf: Leaf, allLeaves: readonly Leaf[]): FoundChunk {
  const name = leaf.path[0]!
  const place = `column ${name}, row group ${number}`
  if (columns.length !== allLeaves.length) {
    throw corrupt(`row group ${number} has ${columns.length} columns where the schema has ${allLeaves.length}.`)
  }
  const column = columns[leaf.index]
  if (isEncrypted(column)) throw encrypted()
  const metadata = chunkMetadata(column)
  if (!metadata) throw corrupt(`${place} has no column chunk.`)
  requireSameColumn(metadata, leaf, columns, allLeaves, place)
  if (!CODECS.includes(metadata.codec)) throw unknownCodec(name, metadata.codec)
  const start = chunkStart(column) ?? Number.NaN
  return { leaf, metadata, start, declaredEnd: start + Number(metadata.compressedSize), place }
}

/** Refuses a chunk with the name of another column, or whose own name another chunk has. */
function requireSameColumn(
  { path, type }: ChunkMetadata,
  leaf: Leaf,
  columns: readonly unknown[],
  allLeaves: readonly Leaf[],
  place: string,
): void {
  if (type !== leaf.type) throw corrupt(`${place} has the type ${type} where the schema has ${leaf.type}.`)
  const [name, expected] = [path.join('.'), leaf.path.join('.')]
  if (name === expected) return
  const isOfOther = allLeaves.some(other => other.path.join('.') === name)
  if (isOfOther || columns.some(column => chunkPath(column)?.join('.') === expected)) {
    throw corrupt(`${place} is named ${name} in its metadata.`)
  }
}

/** The limit of each chunk. Chunks that shared bytes could decompress a small file to any size. */
function limitsOf(chunks: readonly FoundChunk[], footer: Footer): ReadonlyMap<FoundChunk, number> {
  const ordered = [...chunks].sort((a, b) => a.start - b.start)
  const allStarts = chunkStarts(footer)
  const limits = new Map<FoundChunk, number>()
  for (const [i, chunk] of ordered.entries()) {
    const { start, declaredEnd, place } = chunk
    if (!(start >= MAGIC_BYTES && start < footer.start)) throw corrupt(`${place} begins outside the pages of the file.`)
    const next = ordered[i + 1]
    if (next?.start === start) throw corrupt(`${place} begins where ${next.place} begins.`)
    const nextOfAny = firstAbove(allStarts, start)
    limits.set(chunk, Math.max(Math.min(declaredEnd, next?.start ?? footer.start), nextOfAny))
  }
  return limits
}

/** The starts of the chunks of all columns, and that of the footer, in ascending order. */
function chunkStarts({ rowGroups, start: footerStart }: Footer): readonly number[] {
  const starts = [footerStart]
  for (const { columns } of rowGroups) {
    for (const column of columns) {
      const start = chunkStart(column)
      if (start !== undefined && start < footerStart) starts.push(start)
    }
  }
  return Float64Array.from(starts).sort() as unknown as readonly number[]
}

/** The first number of an ascending list, which has one, that is larger than `value`. */
function firstAbove(ascending: readonly number[], value: number): number {
  let [low, high] = [0, ascending.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (ascending[middle]! > value) high = middle
    else low = middle + 1
  }
  return ascending[low]!
}

export function encrypted(): AppError {
  return new AppError('ENCRYPTED_PARQUET', 'The file is encrypted. Write it again without encryption.')
}

function unknownCodec(name: string, codec: string | undefined): AppError {
  const message = `Column ${name} is compressed with ${codec ?? 'an unknown codec'}. Use one of ${CODECS.join(', ')}.`
  return new AppError('UNSUPPORTED_PARQUET', message)
}
