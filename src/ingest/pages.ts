import { crc32 } from 'node:zlib'
import type { ColumnMetaData, PageHeader } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { Refusal } from '../domain/errors.ts'
import { corrupt } from './inspect.ts'

/** What a walk over a column chunk's page headers found; nothing was decompressed for it. */
interface Walked {
  readonly values: number
  readonly rows: number | null
  readonly bytes: number
}

/** No page of a sane file is larger; the decoder allocates a page in one piece. */
const MAX_PAGE_BYTES = 512 * 2 ** 20

/**
 * Checks the pages of a column chunk against the footer and against their checksums before they are decoded: the
 * decoder allocates whatever a page header claims.
 *
 * @param isFlat whether there is one value a row; in a list only the pages of version 2 tell how many rows they hold
 * @param place where this is, for messages
 * @throws Refusal CORRUPT_PARQUET
 */
export function checkPages(
  chunk: ArrayBuffer,
  column: ColumnMetaData,
  rows: number,
  isFlat: boolean,
  place: string,
): void {
  const { values, rows: pageRows, bytes } = walk(chunk, place)
  if (BigInt(values) !== column.num_values) {
    throw corrupt(`${place} has ${values} values where its footer declares ${column.num_values}.`)
  }
  const counted = isFlat ? values : pageRows
  if (counted !== null && counted !== rows) throw corrupt(`${place} has ${counted} rows where ${rows} are declared.`)
  if (BigInt(bytes) > column.total_uncompressed_size) {
    throw corrupt(`${place} has ${bytes} bytes where its footer declares ${column.total_uncompressed_size}.`)
  }
}

function walk(chunk: ArrayBuffer, place: string): Walked {
  const reader = { view: new DataView(chunk), offset: 0 }
  let values = 0
  let rows: number | null = 0
  let bytes = 0
  // The decoder takes a last single byte for padding.
  for (let page = 1; reader.offset < chunk.byteLength - 1; page++) {
    const header = pageHeader(reader, `${place}, page ${page}`)
    const body = new Uint8Array(chunk, reader.offset, header.compressed_page_size)
    checkSum(header, body, `${place}, page ${page}`)
    reader.offset += header.compressed_page_size
    bytes += header.uncompressed_page_size
    values += valuesOf(header)
    const pageRows = rowsOf(header)
    rows = rows === null || pageRows === null ? null : rows + pageRows
  }
  return { values, rows, bytes }
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

function rowsOf({ data_page_header: v1, data_page_header_v2: v2 }: PageHeader): number | null {
  if (v2) return v2.num_rows
  return v1 ? null : 0
}

/** The checksum is of the page as it is stored. */
function checkSum({ crc }: PageHeader, body: Uint8Array, place: string): void {
  if (crc !== undefined && crc32(body) !== crc >>> 0) throw corrupt(`${place} does not match its checksum.`)
}
