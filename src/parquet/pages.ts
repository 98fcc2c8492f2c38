import { crc32 } from 'node:zlib'
import type { PageHeader } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { AppError } from '../domain/errors.ts'
import { corrupt } from './corrupt.ts'
import type { Chunk } from './row-groups.ts'

/** A page as it is stored. */
export interface Page {
  readonly header: PageHeader
  readonly body: Uint8Array
  /** Where it is, for messages. */
  readonly place: string
}

/** No page of a sane file is larger; a page is decoded in one piece. */
const MAX_PAGE_BYTES = 512 * 2 ** 20

/**
 * Finds the pages of a column chunk, and checks them against the footer and against their checksums, so that nothing is
 * allocated for what they claim before all their claims agree. Nothing is decompressed for it.
 *
 * @param rows of the row group
 * @throws AppError CORRUPT_PARQUET, RESOURCE_LIMIT
 */
export function checkedPages(
  bytes: Uint8Array,
  { leaf, metadata }: Chunk,
  rows: number,
  place: string,
): readonly Page[] {
  const pages = [...pagesOf(bytes, place)]
  const later = pages.find(({ header }, at) => at > 0 && header.type === 'DICTIONARY_PAGE')
  if (later) throw corrupt(`${later.place} is a dictionary behind other pages.`)
  const headers = pages.map(({ header }) => header)
  const values = headers.reduce((sum, header) => sum + valuesOf(header), 0)
  if (BigInt(values) !== metadata.num_values) {
    throw corrupt(`${place} has ${values} values where its footer declares ${metadata.num_values}.`)
  }
  const counted = leaf.maxRepetition === 0 ? values : headers.reduce<number | null>(addRows, 0)
  if (counted !== null && counted !== rows) throw corrupt(`${place} has ${counted} rows where ${rows} are declared.`)
  const unfolded = headers.reduce((sum, header) => sum + header.uncompressed_page_size, 0)
  if (BigInt(unfolded) > metadata.total_uncompressed_size) {
    throw corrupt(`${place} has ${unfolded} bytes where its footer declares ${metadata.total_uncompressed_size}.`)
  }
  return pages
}

/** The pages, whose headers are sane by themselves. */
function* pagesOf(bytes: Uint8Array, place: string): Generator<Page> {
  const reader = { view: new DataView(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength), offset: 0 }
  // Some writers leave a last single byte for padding.
  for (let number = 1; reader.offset < bytes.length - 1; number++) {
    const here = `${place}, page ${number}`
    const header = headerAt(reader, here)
    const body = bytes.subarray(reader.offset, reader.offset + header.compressed_page_size)
    checkSum(header, body, here)
    reader.offset += header.compressed_page_size
    yield { header, body, place: here }
  }
}

function headerAt(reader: { view: DataView<ArrayBuffer>; offset: number }, place: string): PageHeader {
  let header: PageHeader
  try {
    header = parquetHeader(reader)
  } catch {
    throw corrupt(`${place} has no readable header.`)
  }
  const left = reader.view.byteLength - reader.offset
  if (!sizesOf(header).every(isCount) || header.compressed_page_size > left) {
    throw corrupt(`${place} claims an impossible size.`)
  }
  if (header.uncompressed_page_size > MAX_PAGE_BYTES) {
    const message = `The file has a page of ${header.uncompressed_page_size} bytes (${place}). Write smaller pages.`
    throw new AppError('RESOURCE_LIMIT', message)
  }
  return header
}

/** All that a header counts; undefined where it must count something and does not. */
function sizesOf(header: PageHeader): unknown[] {
  const { compressed_page_size, uncompressed_page_size, data_page_header: v1, data_page_header_v2: v2 } = header
  const sizes: unknown[] = [compressed_page_size, uncompressed_page_size]
  switch (header.type) {
    case 'DATA_PAGE':
      return [...sizes, v1?.num_values]
    case 'DATA_PAGE_V2': {
      if (!v2) return [undefined]
      const levels = v2.definition_levels_byte_length + v2.repetition_levels_byte_length
      const rest = [compressed_page_size - levels, uncompressed_page_size - levels, v2.num_values - v2.num_nulls]
      const own = [v2.num_values, v2.num_nulls, v2.num_rows, v2.definition_levels_byte_length]
      return [...sizes, ...own, v2.repetition_levels_byte_length, ...rest]
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

/** Null when there is a page that does not tell: in a list, only those of version 2 do. */
function addRows(rows: number | null, { type, data_page_header_v2: v2 }: PageHeader): number | null {
  if (rows === null || type === 'DATA_PAGE') return null
  return rows + (type === 'DATA_PAGE_V2' && v2 ? v2.num_rows : 0)
}

/** The checksum is of the page as it is stored. */
function checkSum({ crc }: PageHeader, body: Uint8Array, place: string): void {
  if (crc !== undefined && crc32(body) !== crc >>> 0) throw corrupt(`${place} does not match its checksum.`)
}
