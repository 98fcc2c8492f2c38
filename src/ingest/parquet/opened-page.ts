import type { CompressionCodec, DataPageHeader, Encoding, PageHeader } from 'hyparquet'
import { decompress } from './decompress.ts'
import { readHybrid } from './hybrid.ts'
import type { Page } from './pages.ts'

/** A decompressed page of a flat column. */
export interface OpenedPage {
  readonly content: 'dictionary' | 'indexes' | 'plain'
  /** Values that are stored: the rows without the nulls. */
  readonly count: number
  /** For each row whether it has a value; undefined when all have, and in a dictionary. */
  readonly present: Uint8Array | undefined
  /** The stored values, encoded. */
  readonly values: Uint8Array
}

/** Whether `openPage` can open page number `at` of a chunk. A dictionary comes first. */
export function canOpen({ header }: Page, at: number, isOptional: boolean): boolean {
  const { type, dictionary_page_header: dictionary, data_page_header: v1, data_page_header_v2: v2 } = header
  if (type === 'DICTIONARY_PAGE') return at === 0 && dictionary !== undefined
  if (type === 'DATA_PAGE' && isOptional && v1?.definition_level_encoding !== 'RLE') return false
  const data = type === 'DATA_PAGE' ? v1 : type === 'DATA_PAGE_V2' ? v2 : undefined
  return data !== undefined && contentOf(data.encoding) !== undefined
}

/** @throws RangeError or Error when the page is not what its header says */
export function openPage({ header, body }: Page, codec: CompressionCodec, isOptional: boolean): OpenedPage {
  const { dictionary_page_header: dictionary, data_page_header: v1, data_page_header_v2: v2 } = header
  const whole = header.uncompressed_page_size
  if (header.type === 'DICTIONARY_PAGE') {
    const values = decompress(codec, body, whole)
    return { content: 'dictionary', count: dictionary!.num_values, present: undefined, values }
  }
  if (header.type === 'DATA_PAGE') return openV1(v1!, decompress(codec, body, whole), isOptional)
  return openV2(v2!, body, whole, codec, isOptional)
}

function openV1({ encoding, num_values: rows }: DataPageHeader, page: Uint8Array, isOptional: boolean): OpenedPage {
  const content = contentOf(encoding)!
  if (!isOptional) return { content, count: rows, present: undefined, values: page }
  const length = new DataView(page.buffer, page.byteOffset, page.byteLength).getUint32(0, true)
  const levels = part(page, 4, length)
  return { content, ...presence(levels, rows), values: page.subarray(4 + length) }
}

function openV2(
  header: NonNullable<PageHeader['data_page_header_v2']>,
  body: Uint8Array,
  uncompressedBytes: number,
  codec: CompressionCodec,
  isOptional: boolean,
): OpenedPage {
  const { repetition_levels_byte_length: repetitions, definition_levels_byte_length: definitions } = header
  const levels = part(body, repetitions, definitions)
  const found = isOptional ? presence(levels, header.num_values) : { count: header.num_values, present: undefined }
  if (found.count !== header.num_values - header.num_nulls) throw new Error('another number of nulls')
  if (header.num_rows !== header.num_values) throw new Error('another number of rows than values')
  const start = repetitions + definitions
  const stored = body.subarray(start)
  const isStored = header.is_compressed === false || found.count === 0
  const values = isStored ? stored : decompress(codec, stored, uncompressedBytes - start)
  return { content: contentOf(header.encoding)!, ...found, values }
}

function contentOf(encoding: Encoding): 'indexes' | 'plain' | undefined {
  if (encoding === 'PLAIN') return 'plain'
  return encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY' ? 'indexes' : undefined
}

function part(bytes: Uint8Array, start: number, length: number): Uint8Array {
  if (!(start >= 0 && length >= 0 && start + length <= bytes.length)) throw new RangeError('levels outside the page')
  return bytes.subarray(start, start + length)
}

/** A flat column has one level: 0 is a null, 1 a value. */
function presence(levels: Uint8Array, rows: number): Pick<OpenedPage, 'count' | 'present'> {
  const present = new Uint8Array(rows)
  readHybrid(levels, 1, present)
  let count = 0
  for (let row = 0; row < rows; row++) count += present[row]!
  return { count, present: count === rows ? undefined : present }
}
