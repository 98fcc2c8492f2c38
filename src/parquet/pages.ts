import { crc32 } from 'node:zlib'
import type { AsyncBuffer, PageHeader } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { AppError } from '../domain/errors.ts'
import { corrupt } from './corrupt.ts'
import type { Chunk } from './row-groups.ts'
import type { Warn } from './warnings.ts'

/** A page as it is stored. */
export interface Page {
  readonly header: PageHeader
  readonly body: Uint8Array
  /** Where it is, for messages. */
  readonly place: string
}

/** No page of a sane file is larger; a page is decoded in one piece. */
const MAX_PAGE_BYTES = 512 * 2 ** 20

/** Bounds the decoded data of a file: it is asked before a page is decompressed. */
export interface DecodedBudget {
  /** @throws AppError RESOURCE_LIMIT when the bytes exceed what is left */
  take(bytes: number): void
}

/** What is read at a time beyond the end that the footer declares. No page header is longer. */
const EXTENSION_BYTES = 1 << 16

/**
 * Reads the pages of a column chunk from the file, and checks them against the number of rows and their checksums.
 * Nothing is decompressed. Where the footer declares too few bytes, reading goes on until the values are complete, but
 * never into another chunk.
 *
 * @param rows of the row group
 * @throws AppError CORRUPT_PARQUET, RESOURCE_LIMIT
 */
export async function readPages(
  file: AsyncBuffer,
  chunk: Chunk,
  rows: number,
  place: string,
  warn: Warn,
  budget: DecodedBudget,
): Promise<readonly Page[]> {
  const wanted = chunk.leaf.maxRepetition === 0 ? rows : Math.max(rows, Number(chunk.metadata.num_values))
  for (let end = chunk.end; ; ) {
    const bytes = new Uint8Array(await file.slice(chunk.start, end))
    const walk = walkPages(bytes, chunk, wanted, place)
    if (walk.missing === 0) {
      checkPages(walk, chunk, rows, place, warn)
      budget.take(decodedBytes(walk))
      return walk.pages
    }
    if (end >= chunk.limit || end + walk.missing > chunk.limit + EXTENSION_BYTES) {
      throw corrupt(walk.problem ?? `${place} has ${walk.values} values where ${wanted} are declared.`)
    }
    budget.take(0)
    end = Math.min(chunk.limit, end + walk.missing)
  }
}

/** The pages that are found in the bytes of a chunk. */
interface Walk {
  readonly pages: readonly Page[]
  /** Of the data pages, nulls among them. */
  readonly values: number
  /** Of the pages in the file, in bytes. */
  readonly size: number
  /** How many bytes to read at least, for the values to be complete; 0 when they are. */
  readonly missing: number
  /** Why the next page could not be read. */
  readonly problem?: string
}

/** Goes from page to page by their headers. Beyond the wanted values, what is no page ends the walk. */
function walkPages(bytes: Uint8Array, { start, limit }: Chunk, wanted: number, place: string): Walk {
  const reader = { view: new DataView(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength), offset: 0 }
  const pages: Page[] = []
  let [values, size] = [0, 0]
  while (size < bytes.length && start + size !== limit) {
    const here = `${place}, page ${pages.length + 1}`
    const header = headerAt(reader)
    const end = header ? reader.offset + header.compressed_page_size : Number.POSITIVE_INFINITY
    if (!header || end > bytes.length) {
      if (values >= wanted) break
      const problem = `${here} ${header ? 'claims an impossible size' : 'has no readable header'}.`
      // A header that is not cut short is none.
      const missing = header ? end - bytes.length : bytes.length - size < EXTENSION_BYTES ? EXTENSION_BYTES : Infinity
      return { pages, values, size, missing, problem }
    }
    requireSane(header, here)
    const body = bytes.subarray(reader.offset, end)
    checkSum(header, body, here)
    reader.offset = size = end
    values += valuesOf(header)
    pages.push({ header, body, place: here })
  }
  return { pages, values, size, missing: values >= wanted ? 0 : EXTENSION_BYTES }
}

function checkPages(walk: Walk, { leaf, metadata, start, end, limit }: Chunk, rows: number, place: string, warn: Warn) {
  const { pages, values, size } = walk
  const later = pages.find(({ header }, at) => at > 0 && header.type === 'DICTIONARY_PAGE')
  if (later) throw corrupt(`${later.place} is a dictionary behind other pages.`)
  if (leaf.maxRepetition === 0 && values !== rows) {
    throw corrupt(`${place} has ${values} rows where ${rows} are declared.`)
  }
  if (BigInt(values) !== metadata.num_values) {
    warn('SIZE_DISAGREES', place, `the footer declares ${metadata.num_values} values, the pages have ${values}`)
  }
  const decoded = decodedBytes(walk)
  if (BigInt(decoded) > metadata.total_uncompressed_size) {
    warn(
      'SIZE_DISAGREES',
      place,
      `the footer declares ${metadata.total_uncompressed_size} decoded bytes, the pages have ${decoded}`,
    )
  }
  const left = Number(metadata.total_compressed_size) - size
  // Some writers leave a single byte for padding.
  if (left === 0 || left === 1) return
  const isPadded = left > 0 && start + size < end && start + size !== limit
  if (isPadded) warn('TRAILING_BYTES', place, `${left} bytes follow the last page`)
  else {
    const declared = metadata.total_compressed_size
    warn('SIZE_DISAGREES', place, `the footer declares ${declared} stored bytes, the pages have ${size}`)
  }
}

function decodedBytes({ pages }: Walk): number {
  return pages.reduce((sum, { header }) => sum + header.uncompressed_page_size, 0)
}

/** The page header at the reader's offset, which is moved behind it; undefined when there is none that can be read. */
function headerAt(reader: { view: DataView<ArrayBuffer>; offset: number }): PageHeader | undefined {
  try {
    const header = parquetHeader(reader)
    return sizesOf(header).every(isCount) ? header : undefined
  } catch {
    return undefined
  }
}

function requireSane({ uncompressed_page_size: size }: PageHeader, place: string): void {
  if (size <= MAX_PAGE_BYTES) return
  throw new AppError('RESOURCE_LIMIT', `The file has a page of ${size} bytes (${place}). Write smaller pages.`)
}

/** The sizes and counts of a header that its values depend on; undefined where one is missing. */
function sizesOf(header: PageHeader): unknown[] {
  const { compressed_page_size, uncompressed_page_size, data_page_header: v1, data_page_header_v2: v2 } = header
  const sizes: unknown[] = [compressed_page_size, uncompressed_page_size]
  switch (header.type) {
    case 'DATA_PAGE':
      return [...sizes, v1?.num_values]
    case 'DATA_PAGE_V2': {
      if (!v2) return [undefined]
      const levels = v2.definition_levels_byte_length + v2.repetition_levels_byte_length
      const rest = [compressed_page_size - levels, uncompressed_page_size - levels]
      return [...sizes, v2.num_values, v2.definition_levels_byte_length, v2.repetition_levels_byte_length, ...rest]
    }
    case 'DICTIONARY_PAGE':
      return [...sizes, header.dictionary_page_header?.num_values]
    default:
      return [undefined]
  }
}

function isCount(size: unknown): boolean {
  return Number.isInteger(size) && (size as number) >= 0
}

function valuesOf({ type, data_page_header: v1, data_page_header_v2: v2 }: PageHeader): number {
  return (type === 'DATA_PAGE' ? v1?.num_values : type === 'DATA_PAGE_V2' ? v2?.num_values : 0) ?? 0
}

/** The checksum is of the page as it is stored. */
function checkSum({ crc }: PageHeader, body: Uint8Array, place: string): void {
  if (crc !== undefined && crc32(body) !== crc >>> 0) throw corrupt(`${place} does not match its checksum.`)
}
