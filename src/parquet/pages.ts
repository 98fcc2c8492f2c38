import { crc32 } from 'node:zlib'
import type { AsyncBuffer, PageHeader } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { AppError } from '../domain/errors.ts'
import type { ColumnChunk } from './row-groups.ts'
import { corrupt, type Warn } from './warnings.ts'

/** A page as it is stored: neither decompressed nor decoded. */
export interface Page {
  readonly header: PageHeader
  readonly body: Uint8Array
  /** For messages: column, row group and page. */
  readonly place: string
}

/** A page is decoded in one piece, and no page of a usual file is larger. */
const MAX_PAGE_BYTES = 512 * 2 ** 20

/**
 * Reads the pages of a column chunk, from one page header to the next, until they hold the values of the row group.
 * Checks them against each other, the row group and their checksums before anything is decompressed or allocated for
 * what they declare.
 *
 * @param rows of the row group
 * @param onPageSize receives the size of each page in memory, and may throw to bound their sum
 * @throws AppError CORRUPT_PARQUET, RESOURCE_LIMIT
 */
export async function readPages(
  file: AsyncBuffer,
  chunk: ColumnChunk,
  rows: number,
  onPageSize: (bytes: number) => void,
  warn: Warn,
): Promise<readonly Page[]> {
  const { leaf, metadata, place } = chunk
  const declared = Number(metadata.values)
  // A flat column has one value a row; only a list column depends on the number of values that its footer declares.
  const wanted = leaf.maxRepetition === 0 ? rows : declared
  const reader = new PageReader(file, chunk, onPageSize)
  const pages: Page[] = []
  let values = 0
  while (values < wanted) {
    const page = await reader.next()
    if (!page) break
    if (page.header.type === 'DICTIONARY_PAGE' && pages.length > 0) {
      throw corrupt(`${page.place} is a dictionary behind other pages.`)
    }
    pages.push(page)
    values += valuesOf(page.header)
  }
  if (values !== wanted) throw corrupt(`${place} has ${values} values where ${wanted} are declared.`)
  const isFollowed = await reader.skipEmptyPages()
  if (declared !== wanted) {
    if (isFollowed) throw corrupt(`${place} has more than the ${wanted} values that are declared.`)
    warn('SIZE_DISAGREES', place, `the footer declares ${declared} values, the pages have ${values}`)
  }
  checkSizes(chunk, reader, warn)
  return pages
}

/** Some writers add one byte of padding to a chunk. */
const PADDING_BYTES = 1

function checkSizes({ metadata, start, declaredEnd, place }: ColumnChunk, reader: PageReader, warn: Warn): void {
  const { uncompressedSize, compressedSize } = metadata
  if (reader.offset !== declaredEnd && reader.offset + PADDING_BYTES !== declaredEnd) {
    const bytes = reader.offset - start
    warn('SIZE_DISAGREES', place, `the footer declares ${compressedSize} stored bytes, the pages have ${bytes}`)
  }
  if (BigInt(reader.uncompressedBytes) > uncompressedSize) {
    const problem = `the footer declares ${uncompressedSize} decompressed bytes, the pages have ${reader.uncompressedBytes}`
    warn('SIZE_DISAGREES', place, problem)
  }
}

/** Read at once where the declared size of a chunk is too small. */
const READ_BYTES = 64 * 1024
/** Read at once of a chunk: its declared size can be far too large. */
const MAX_READ_BYTES = 256 * 2 ** 20
/** A page header may hold bounds of any length; one that is longer than this is damaged. */
const MAX_HEADER_BYTES = 16 * 2 ** 20

/** Reads the pages of a chunk one after the other, in ranges of the file as large as the chunk's declared size. */
class PageReader {
  /** In the file, behind the last page that was read. */
  offset: number
  uncompressedBytes = 0
  readonly #file: AsyncBuffer
  readonly #chunk: ColumnChunk
  readonly #onPageSize: (bytes: number) => void
  #buffer = new Uint8Array()
  #bufferStart: number
  #pages = 0

  constructor(file: AsyncBuffer, chunk: ColumnChunk, onPageSize: (bytes: number) => void) {
    this.#file = file
    this.#chunk = chunk
    this.#onPageSize = onPageSize
    this.offset = chunk.start
    this.#bufferStart = chunk.start
  }

  /** The next data page or dictionary; undefined where the chunk can have no further one. Other pages are skipped. */
  async next(): Promise<Page | undefined> {
    while (this.offset < this.#chunk.limit) {
      this.#pages++
      const place = `${this.#chunk.place}, page ${this.#pages}`
      const { header, length } = await this.#header(place)
      requireSizes(header, this.#chunk.limit - this.offset - length, place)
      this.#onPageSize(Math.max(header.uncompressed_page_size, header.compressed_page_size))
      this.uncompressedBytes += header.uncompressed_page_size
      this.offset += length
      const body = await this.#bytes(header.compressed_page_size)
      this.offset += body.length
      requireChecksum(header, body, place)
      if (isDataPage(header) || header.type === 'DICTIONARY_PAGE') return { header, body, place }
    }
    return undefined
  }

  /**
   * Moves over pages without values, which some writers put behind the last page that has any.
   *
   * @returns whether a page with values follows within the size that the footer declares
   */
  async skipEmptyPages(): Promise<boolean> {
    const end = Math.min(this.#chunk.declaredEnd, this.#chunk.limit)
    while (this.offset < end - PADDING_BYTES) {
      const found = parseHeader(await this.#available(1))
      if (!found || !isDataPage(found.header)) return false
      const size = found.length + found.header.compressed_page_size
      if (!(size > 0 && this.offset + size <= end)) return false
      if (valuesOf(found.header) > 0) return true
      this.offset += size
    }
    return false
  }

  /** The header at the present offset and its length. */
  async #header(place: string): Promise<ParsedHeader> {
    for (let wanted = 1; ; ) {
      const bytes = await this.#available(wanted)
      const header = parseHeader(bytes)
      if (header) return header
      // The header is damaged, or longer than what has been read of it.
      const isAll = this.offset + bytes.length >= this.#chunk.limit
      if (isAll || bytes.length >= MAX_HEADER_BYTES) throw corrupt(`${place} has no readable header.`)
      wanted = Math.max(READ_BYTES, bytes.length * 2)
    }
  }

  /** Exactly so many bytes from the present offset on, which the chunk's limit allows. */
  async #bytes(length: number): Promise<Uint8Array> {
    return (await this.#available(length)).subarray(0, length)
  }

  /** At least so many bytes from the present offset on, or all up to the chunk's limit. */
  async #available(length: number): Promise<Uint8Array> {
    const { limit, declaredEnd } = this.#chunk
    const bufferEnd = this.#bufferStart + this.#buffer.length
    if (this.offset + length > bufferEnd && bufferEnd < limit) {
      const isDeclared = this.offset + length <= declaredEnd
      const most = Math.max(length, isDeclared ? MAX_READ_BYTES : READ_BYTES)
      const end = Math.min(this.offset + most, isDeclared ? declaredEnd : limit, limit)
      this.#buffer = new Uint8Array(await this.#file.slice(this.offset, end))
      this.#bufferStart = this.offset
    }
    return this.#buffer.subarray(this.offset - this.#bufferStart)
  }
}

interface ParsedHeader {
  readonly header: PageHeader
  readonly length: number
}

/** The header with which the bytes begin, if they hold a whole one. */
function parseHeader(bytes: Uint8Array): ParsedHeader | undefined {
  const reader = { view: new DataView(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength), offset: 0 }
  try {
    return { header: parquetHeader(reader), length: reader.offset }
  } catch {
    return undefined
  }
}

/** @param left bytes from the end of the header to the limit of the chunk */
function requireSizes(header: PageHeader, left: number, place: string): void {
  if (!sizesOf(header).every(isCount) || header.compressed_page_size > left) {
    throw corrupt(`${place} declares an impossible size.`)
  }
  if (header.uncompressed_page_size > MAX_PAGE_BYTES) {
    const message = `The file has a page of ${header.uncompressed_page_size} bytes (${place}). Write smaller pages.`
    throw new AppError('RESOURCE_LIMIT', message)
  }
}

/** The sizes and counts of a header on which its values depend; undefined for one that is missing. */
function sizesOf(header: PageHeader): unknown[] {
  const { compressed_page_size, uncompressed_page_size, data_page_header: v1, data_page_header_v2: v2 } = header
  const sizes: unknown[] = [compressed_page_size, uncompressed_page_size]
  switch (header.type) {
    case 'DATA_PAGE':
      return [...sizes, v1?.num_values]
    case 'DATA_PAGE_V2': {
      if (!v2) return [undefined]
      const levels = v2.definition_levels_byte_length + v2.repetition_levels_byte_length
      const ofValues = [compressed_page_size - levels, uncompressed_page_size - levels]
      return [...sizes, ...ofValues, v2.num_values, v2.definition_levels_byte_length, v2.repetition_levels_byte_length]
    }
    case 'DICTIONARY_PAGE':
      return [...sizes, header.dictionary_page_header?.num_values]
    default:
      return sizes
  }
}

function isCount(size: unknown): boolean {
  return Number.isInteger(size) && (size as number) >= 0
}

function isDataPage({ type }: PageHeader): boolean {
  return type === 'DATA_PAGE' || type === 'DATA_PAGE_V2'
}

function valuesOf({ type, data_page_header: v1, data_page_header_v2: v2 }: PageHeader): number {
  return (type === 'DATA_PAGE' ? v1?.num_values : type === 'DATA_PAGE_V2' ? v2?.num_values : 0) ?? 0
}

/** The checksum is of the page as it is stored. */
function requireChecksum({ crc }: PageHeader, body: Uint8Array, place: string): void {
  if (crc !== undefined && crc32(body) !== crc >>> 0) throw corrupt(`${place} does not match its checksum.`)
}
