import type { CompressionCodec, DecodedArray, Encoding } from 'hyparquet'
import { Refusal } from '../../domain/errors.ts'
import { corrupt } from './corrupt.ts'
import { Cursor } from './cursor.ts'
import { decompress } from './decompress.ts'
import { readHybrid } from './hybrid.ts'
import type { Leaf } from './leaves.ts'
import { ListAssembler } from './lists.ts'
import type { Page } from './pages.ts'
import type { Chunk } from './row-groups.ts'
import { readPlain, readValues } from './values.ts'

/** Turns physical values into cells, once for each value of a dictionary. */
export type Convert = (values: DecodedArray) => DecodedArray

/** The content of a data page: its levels, where the column has them, and the values that are not null. */
interface Content {
  readonly count: number
  readonly definitions: Uint32Array | undefined
  readonly repetitions: Uint32Array | undefined
  readonly values: DecodedArray
}

/**
 * Decodes a column chunk: a cell for each row, null where there is none; in a list column, an array of cells or null.
 *
 * @param pages all pages of the chunk, checked
 * @param rows of the row group
 * @param place where this is, for messages
 * @throws Refusal CORRUPT_PARQUET when it holds anything but what it declares, UNSUPPORTED_PARQUET for an encoding
 */
export function decodeChunk(
  pages: readonly Page[],
  chunk: Chunk,
  rows: number,
  convert: Convert,
  place: string,
): DecodedArray {
  const lists = chunk.leaf.maxRepetition > 0 ? new ListAssembler(chunk.leaf) : undefined
  const parts: DecodedArray[] = []
  let dictionary: DecodedArray | undefined
  for (const page of pages) {
    try {
      if (page.header.type === 'DICTIONARY_PAGE') dictionary = convert(readDictionary(page, chunk))
      else {
        const content = readContent(page, chunk, dictionary, convert)
        if (lists) lists.add(content.values, content.definitions, content.repetitions, rowsOf(page))
        else parts.push(withNulls(content, chunk.leaf))
      }
    } catch (error) {
      throw error instanceof Refusal ? error : corrupt(`${page.place} cannot be decoded.`)
    }
  }
  const cells = lists ? lists.finish() : concatenated(parts)
  if (cells.length !== rows) throw corrupt(`${place} has ${cells.length} rows where ${rows} are declared.`)
  return cells
}

function rowsOf({ header }: Page): number | undefined {
  return header.data_page_header_v2?.num_rows
}

function readDictionary({ header, body }: Page, { leaf, metadata }: Chunk): DecodedArray {
  const bytes = decompress(metadata.codec, body, header.uncompressed_page_size)
  const count = header.dictionary_page_header?.num_values ?? 0
  // Values are looked up often: those of typed big integers would be made anew each time.
  return count === 0 ? [] : Array.from(readPlain(bytes, count, leaf) as ArrayLike<unknown>)
}

function readContent(page: Page, chunk: Chunk, dictionary: DecodedArray | undefined, convert: Convert): Content {
  const { leaf, metadata } = chunk
  const { count, encoding, nulls, repetitions, definitions, bytes } =
    page.header.type === 'DATA_PAGE_V2' ? version2(page, leaf, metadata.codec) : version1(page, leaf, metadata.codec)
  const present = definitions ? countOf(definitions, leaf.maxDefinition) : count
  // In lists, writers disagree on what a null is.
  if (nulls !== undefined && leaf.maxRepetition === 0 && present !== count - nulls) {
    throw new RangeError(`${count - present} nulls where ${nulls} are declared`)
  }
  const values = readValues(bytes, encoding, present, leaf, dictionary)
  const isConverted = encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY'
  return { count, definitions, repetitions, values: isConverted ? values : convert(values) }
}

interface Split extends Omit<Content, 'values'> {
  readonly encoding: Encoding | undefined
  readonly nulls?: number
  /** Of the values. */
  readonly bytes: Uint8Array
}

/** The whole page is compressed, and its levels tell their own lengths. */
function version1({ header, body }: Page, leaf: Leaf, codec: CompressionCodec): Split {
  const { num_values: count, encoding, ...levels } = header.data_page_header!
  const cursor = new Cursor(decompress(codec, body, header.uncompressed_page_size))
  const read = (max: number, levelEncoding: Encoding | undefined) => {
    if (max === 0) return undefined
    if (levelEncoding !== 'RLE') throw unknownLevels(leaf, levelEncoding)
    return readLevels(cursor.take(cursor.uint32()), max, count)
  }
  const repetitions = read(leaf.maxRepetition, levels.repetition_level_encoding)
  const definitions = read(leaf.maxDefinition, levels.definition_level_encoding)
  return { count, encoding, repetitions, definitions, bytes: cursor.rest() }
}

/** The levels stand before what is compressed, and the header tells their lengths. */
function version2({ header, body }: Page, leaf: Leaf, codec: CompressionCodec): Split {
  const v2 = header.data_page_header_v2!
  const { num_values: count, num_nulls: nulls, num_rows: rows, encoding } = v2
  if (leaf.maxRepetition === 0 && rows !== count) throw new RangeError(`${count} values in ${rows} rows`)
  const cursor = new Cursor(body)
  const repeated = cursor.take(v2.repetition_levels_byte_length)
  const defined = cursor.take(v2.definition_levels_byte_length)
  const length = header.uncompressed_page_size - repeated.length - defined.length
  const repetitions = leaf.maxRepetition > 0 ? readLevels(repeated, leaf.maxRepetition, count) : undefined
  const definitions = leaf.maxDefinition > 0 ? readLevels(defined, leaf.maxDefinition, count) : undefined
  // What is empty is not always compressed.
  const isStored = v2.is_compressed === false || (length === 0 && cursor.left === 0)
  const bytes = decompress(isStored ? 'UNCOMPRESSED' : codec, cursor.rest(), length)
  return { count, encoding, nulls, repetitions, definitions, bytes }
}

function readLevels(bytes: Uint8Array, max: number, count: number): Uint32Array {
  const levels = new Uint32Array(count)
  readHybrid(bytes, 32 - Math.clz32(max), levels)
  for (let i = 0; i < count; i++) if (levels[i]! > max) throw new RangeError(`a level of ${levels[i]} above ${max}`)
  return levels
}

function unknownLevels({ path }: Leaf, encoding: Encoding | undefined): Refusal {
  const message = `Column ${path[0]} has levels in the encoding ${encoding ?? 'of an unknown number'}, which is not known here. Use another.`
  return new Refusal('UNSUPPORTED_PARQUET', message)
}

function countOf(levels: Uint32Array, wanted: number): number {
  let count = 0
  for (let i = 0; i < levels.length; i++) if (levels[i] === wanted) count++
  return count
}

function withNulls({ count, definitions, values }: Content, { maxDefinition }: Leaf): DecodedArray {
  if (!definitions || values.length === count) return values
  const cells = new Array<unknown>(count)
  let next = 0
  for (let i = 0; i < count; i++) cells[i] = definitions[i] === maxDefinition ? values[next++] : null
  return cells
}

function concatenated(parts: readonly DecodedArray[]): DecodedArray {
  const [first = [], ...others] = parts
  if (others.length === 0) return first
  const cells: unknown[] = []
  for (const part of parts) for (const cell of part) cells.push(cell)
  return cells
}
