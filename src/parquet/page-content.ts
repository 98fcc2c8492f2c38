import type { CompressionCodec, Encoding } from 'hyparquet'
import { AppError, isAppError } from '../domain/errors.ts'
import { ByteReader } from './byte-reader.ts'
import { decompress } from './decompress.ts'
import type { Page } from './pages.ts'
import type { ColumnChunk } from './row-groups.ts'
import type { Leaf } from './schema.ts'
import { corrupt, type Warn } from './warnings.ts'

/** A data page, decompressed and divided: neither levels nor values are decoded yet. */
export interface PageContent {
  /** Nulls included; in a list column, one for each element and each empty list. */
  readonly count: number
  readonly encoding: Encoding | undefined
  /** As the header declares them; undefined in pages of version 1. */
  readonly declaredNulls: number | undefined
  readonly declaredRows: number | undefined
  /** Undefined where the column has none, as are the definitions. */
  readonly repetitions: Uint8Array | undefined
  readonly definitions: Uint8Array | undefined
  readonly values: ByteReader
  /** For messages: column, row group and page. */
  readonly place: string
}

/**
 * @throws Error when the page does not have the sizes that its header declares
 * @throws AppError UNSUPPORTED_PARQUET for levels in an unknown encoding
 */
export function dataPageContent(page: Page, { leaf, metadata }: ColumnChunk): PageContent {
  const codec = metadata.codec as CompressionCodec
  return page.header.type === 'DATA_PAGE_V2' ? version2(page, leaf, codec) : version1(page, leaf, codec)
}

/** The plain values of a dictionary page. */
export function dictionaryContent({ header, body }: Page, { metadata }: ColumnChunk) {
  const bytes = decompress(metadata.codec as CompressionCodec, body, header.uncompressed_page_size)
  return { count: header.dictionary_page_header?.num_values ?? 0, values: new ByteReader(bytes) }
}

/** In a flat column, compares the row and null counts of a page header with what the page holds. */
export function checkCounts({ count, declaredNulls, declaredRows, place }: PageContent, present: number, warn: Warn) {
  const nulls = count - present
  if (declaredNulls !== undefined && nulls !== declaredNulls) {
    warn('STATISTICS_DISAGREE', place, `the page header declares ${declaredNulls} nulls, the page has ${nulls}`)
  }
  if (declaredRows !== undefined && count !== declaredRows) {
    warn('SIZE_DISAGREES', place, `the page header declares ${declaredRows} rows, the page has ${count}`)
  }
}

/**
 * Runs a part of the decoding of a page, and names the page when it fails.
 *
 * @throws AppError CORRUPT_PARQUET in place of an error that is none of the program's own
 */
export function decodingPage<Result>({ place }: Page, decode: () => Result): Result {
  try {
    return decode()
  } catch (error) {
    if (isAppError(error)) throw error
    throw corrupt(`${place} cannot be decoded: ${error instanceof Error ? error.message : error}.`)
  }
}

/** @param left bytes of the page behind its last value */
export function checkEnd(place: string, left: number, warn: Warn): void {
  if (left > 0) warn('TRAILING_BYTES', place, `${left} bytes follow the last value`)
}

/** Reports a run of levels that goes on after the last value. Impala writes such runs. */
export function warnOfLevels(place: string, warn: Warn): void {
  warn('TRAILING_BYTES', place, 'a run of levels goes on after the last value')
}

/** The whole page is compressed, and its levels stand behind their lengths. */
function version1({ header, body, place }: Page, leaf: Leaf, codec: CompressionCodec): PageContent {
  const { num_values: count, encoding, ...levels } = header.data_page_header!
  const values = new ByteReader(decompress(codec, body, header.uncompressed_page_size))
  const take = (max: number, levelEncoding: Encoding | undefined) => {
    if (max === 0) return undefined
    if (levelEncoding !== 'RLE') throw unknownLevels(leaf, levelEncoding)
    return values.take(values.uint32())
  }
  const repetitions = take(leaf.maxRepetition, levels.repetition_level_encoding)
  const definitions = take(leaf.maxDefinition, levels.definition_level_encoding)
  return { count, encoding, declaredNulls: undefined, declaredRows: undefined, repetitions, definitions, values, place }
}

/** The levels stand before what is compressed, and the header declares their lengths. */
function version2({ header, body, place }: Page, leaf: Leaf, codec: CompressionCodec): PageContent {
  const v2 = header.data_page_header_v2!
  const reader = new ByteReader(body)
  const repetitions = reader.take(v2.repetition_levels_byte_length)
  const definitions = reader.take(v2.definition_levels_byte_length)
  const length = header.uncompressed_page_size - repetitions.length - definitions.length
  // Some writers do not compress an empty rest.
  const isStored = v2.is_compressed === false || (length === 0 && reader.left === 0)
  return {
    count: v2.num_values,
    encoding: v2.encoding,
    declaredNulls: v2.num_nulls,
    declaredRows: v2.num_rows,
    repetitions: leaf.maxRepetition > 0 ? repetitions : undefined,
    definitions: leaf.maxDefinition > 0 ? definitions : undefined,
    values: new ByteReader(decompress(isStored ? 'UNCOMPRESSED' : codec, reader.rest(), length)),
    place,
  }
}

function unknownLevels({ path }: Leaf, encoding: Encoding | undefined): AppError {
  const shown = encoding ?? 'of an unknown number'
  const message = `Column ${path[0]} has levels in the encoding ${shown}, which is not supported. Write the column with levels in RLE.`
  return new AppError('UNSUPPORTED_PARQUET', message)
}
