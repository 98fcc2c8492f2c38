import { crc32 } from 'node:zlib'
import type { ColumnMetaData, PageHeader } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { Refusal } from '../domain/errors.ts'
import { corrupt } from './inspect.ts'

/** A page as it is stored. */
export interface Page {
  readonly header: PageHeader
  readonly body: Uint8Array
}

/** No page of a sane file is larger; the decoder allocates a page in one piece. */
const MAX_PAGE_BYTES = 512 * 2 ** 20

/**
 * Finds the pages of a column chunk, and checks them against the footer and against their checksums before anything
 * is decompressed: a decoder allocates whatever a page header claims.
 *
 * @param isFlat whether there is one value a row; in a list only the pages of version 2 tell how many rows they hold
 * @param place where this is, for messages
 * @throws Refusal CORRUPT_PARQUET
 */
export function checkedPages(
  chunk: ArrayBuffer,
  column: ColumnMetaData,
  rows: number,
  isFlat: boolean,
  place: string,
): readonly Page[] {
  const pages = walk(chunk, place)
  const headers = pages.map(({ header }) => header)
  const values = headers.reduce((sum, header) => sum + valuesOf(header), 0)
  if (BigInt(values) !== column.num_values) {
    throw corrupt(`${place} has ${values} values where its footer declares ${column.num_values}.`)
  }
  const counted = isFlat ? values : headers.reduce<number | null>(addRows, 0)
  if (counted !== null && counted !== rows) throw corrupt(`${place} has ${counted} rows where ${rows} are declared.`)
  const bytes = headers.reduce((sum, header) => sum + header.uncompressed_page_size, 0)
  if (BigInt(bytes) > column.total_uncompressed_size) {
    throw corrupt(`${place} has ${bytes} bytes where its footer declares ${column.total_uncompressed_size}.`)
  }
  return pages
}

function walk(chunk: ArrayBuffer, place: string): Page[] {
  const reader = { view: new DataView(chunk), offset: 0 }
  const pages: Page[] = []
  // The decoder takes a last single byte for padding.
  while (reader.offset < chunk.byteLength - 1) {
    const here = `${place}, page ${pages.length + 1}`
    const header = pageHeader(reader, here)
    const body = new Uint8Array(chunk, reader.offset, header.compressed_page_size)
    checkSum(header, body, here)
    reader.offset += header.compressed_page_size
    pages.push({ header, body })
  }
  return pages
}
function pageHeader(reader: { view: DataView<ArrayBuffer>; offset: number }, place: string): PageHeader {
  let header: PageHeader
  try {
    header = parquetHeader(reader)
  } catch {
    throw corrupt(`${place} has no readable header.`)
  }
  const left = reader.view.byteLength - reader.offset
  const sizes = [header.compressed_page_size, header.uncompressed_page_size, valuesOf(header)]
  if (!sizes.every(size => Number.isInteger(size) && size >= 0) || header.compressed_page_size > left) {
    throw corrupt(`${place} claims an impossible size.`)
  }
  if (header.uncompressed_page_size > MAX_PAGE_BYTES) {
    const message = `The file has a page of ${header.uncompressed_page_size} bytes (${place}). Write smaller pages.`
    throw new Refusal('RESOURCE_LIMIT', message)
  }
  return header
}

function valuesOf({ data_page_header: v1, data_page_header_v2: v2 }: PageHeader): number {
  return v1?.num_values ?? v2?.num_values ?? 0
}

/** Null when there is a page that does not tell. */
function addRows(sum: number | null, { data_page_header: v1, data_page_header_v2: v2 }: PageHeader): number | null {
  if (sum === null || v1) return null
  return sum + (v2?.num_rows ?? 0)
}

/** The checksum is of the page as it is stored. */
function checkSum({ crc }: PageHeader, body: Uint8Array, place: string): void {
  if (crc !== undefined && crc32(body) !== crc >>> 0) throw corrupt(`${place} does not match its checksum.`)
}
