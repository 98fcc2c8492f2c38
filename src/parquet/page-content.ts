import type { CompressionCodec, Encoding } from 'hyparquet'
import { AppError } from '../domain/errors.ts'
import { Cursor } from './cursor.ts'
import { decompress } from './decompress.ts'
import type { Leaf } from './leaves.ts'
import type { Page } from './pages.ts'
import type { Chunk } from './row-groups.ts'
import type { Warn } from './warnings.ts'

/** A data page taken apart and decompressed; neither levels nor values are decoded yet. */
export interface PageContent {
  /** Of the cells, nulls among them. */
  readonly count: number
  readonly encoding: Encoding | undefined
  /** Where the header tells how many there are. */
  readonly nulls: number | undefined
  /** Undefined where the column has none, as are the definitions. */
  readonly repetitions: Uint8Array | undefined
  readonly definitions: Uint8Array | undefined
  readonly values: Uint8Array
}

/**
 * @throws Error when the page is not what its header says
 * @throws AppError UNSUPPORTED_PARQUET for levels in an encoding that is not known
 */
export function contentOf(page: Page, { leaf, metadata }: Chunk, warn: Warn): PageContent {
  return page.header.type === 'DATA_PAGE_V2'
    ? version2(page, leaf, metadata.codec, warn)
    : version1(page, leaf, metadata.codec)
}

/** The bytes of a dictionary's values. */
export function dictionaryOf({ header, body }: Page, { metadata }: Chunk): { count: number; values: Uint8Array } {
  const values = decompress(metadata.codec, body, header.uncompressed_page_size)
  return { count: header.dictionary_page_header?.num_values ?? 0, values }
}

/** In a column that is not a list, nulls can be counted. */
export function checkNulls({ count, nulls }: PageContent, present: number, place: string, warn: Warn): void {
  if (nulls === undefined || present === count - nulls) return
  warn('STATISTICS_DISAGREE', place, `the page header declares ${nulls} nulls, the page has ${count - present}`)
}

/** The whole page is compressed, and its levels tell their own lengths. */
function version1({ header, body }: Page, leaf: Leaf, codec: CompressionCodec): PageContent {
  const { num_values: count, encoding, ...levels } = header.data_page_header!
  const cursor = new Cursor(decompress(codec, body, header.uncompressed_page_size))
  const take = (max: number, levelEncoding: Encoding | undefined) => {
    if (max === 0) return undefined
    if (levelEncoding !== 'RLE') throw unknownLevels(leaf, levelEncoding)
    return cursor.take(cursor.uint32())
  }
  const repetitions = take(leaf.maxRepetition, levels.repetition_level_encoding)
  const definitions = take(leaf.maxDefinition, levels.definition_level_encoding)
  return { count, encoding, nulls: undefined, repetitions, definitions, values: cursor.rest() }
}

/** The levels stand before what is compressed, and the header tells their lengths. */
function version2({ header, body, place }: Page, leaf: Leaf, codec: CompressionCodec, warn: Warn): PageContent {
  const v2 = header.data_page_header_v2!
  const { num_values: count, num_nulls: nulls, num_rows: rows, encoding } = v2
  if (leaf.maxRepetition === 0 && rows !== count) {
    warn('SIZE_DISAGREES', place, `the page header declares ${rows} rows, the page has ${count}`)
  }
  const cursor = new Cursor(body)
  const repeated = cursor.take(v2.repetition_levels_byte_length)
  const defined = cursor.take(v2.definition_levels_byte_length)
  const length = header.uncompressed_page_size - repeated.length - defined.length
  // What is empty is not always compressed.
  const isStored = v2.is_compressed === false || (length === 0 && cursor.left === 0)
  return {
    count,
    encoding,
    nulls,
    repetitions: leaf.maxRepetition > 0 ? repeated : undefined,
    definitions: leaf.maxDefinition > 0 ? defined : undefined,
    values: decompress(isStored ? 'UNCOMPRESSED' : codec, cursor.rest(), length),
  }
}

function unknownLevels({ path }: Leaf, encoding: Encoding | undefined): AppError {
  const message = `Column ${path[0]} has levels in the encoding ${encoding ?? 'of an unknown number'}, which is not known here. Use another.`
  return new AppError('UNSUPPORTED_PARQUET', message)
}
