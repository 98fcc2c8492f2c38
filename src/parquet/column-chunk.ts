import type { DecodedArray } from 'hyparquet'
import { isUserError } from '../domain/errors.ts'
import { corrupt } from './corrupt.ts'
import { readHybrid } from './hybrid.ts'
import type { Leaf } from './leaves.ts'
import { ListAssembler } from './lists.ts'
import { checkNulls, contentOf, dictionaryOf } from './page-content.ts'
import type { Page } from './pages.ts'
import type { Chunk } from './row-groups.ts'
import { type OnTrailing, readPlain, readValues, reportRun } from './values.ts'
import type { Warn } from './warnings.ts'

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
 * @throws AppError CORRUPT_PARQUET when it holds anything but what it declares, UNSUPPORTED_PARQUET for an encoding
 */
export function decodeChunk(
  pages: readonly Page[],
  chunk: Chunk,
  rows: number,
  convert: Convert,
  place: string,
  warn: Warn,
): DecodedArray {
  const lists = chunk.leaf.maxRepetition > 0 ? new ListAssembler(chunk.leaf) : undefined
  const parts: DecodedArray[] = []
  let dictionary: DecodedArray | undefined
  for (const page of pages) {
    const onTrailing: OnTrailing = what => warn('TRAILING_BYTES', page.place, what)
    try {
      if (page.header.type === 'DICTIONARY_PAGE') dictionary = convert(readDictionary(page, chunk, onTrailing))
      else {
        const content = readContent(page, chunk, dictionary, convert, onTrailing, warn)
        if (lists) addLists(lists, content, page, warn)
        else parts.push(withNulls(content, chunk.leaf))
      }
    } catch (error) {
      throw isUserError(error) ? error : corrupt(`${page.place} cannot be decoded.`)
    }
  }
  const cells = lists ? lists.finish() : concatenated(parts)
  if (cells.length !== rows) throw corrupt(`${place} has ${cells.length} rows where ${rows} are declared.`)
  return cells
}

function addLists(lists: ListAssembler, content: Content, { header, place }: Page, warn: Warn): void {
  const begun = lists.add(content.values, content.definitions, content.repetitions)
  const declared = header.data_page_header_v2?.num_rows
  if (declared === undefined || declared === begun) return
  warn('SIZE_DISAGREES', place, `the page header declares ${declared} rows, the page has ${begun}`)
}

function readDictionary(page: Page, chunk: Chunk, onTrailing: OnTrailing): DecodedArray {
  const { count, values } = dictionaryOf(page, chunk)
  // Values are looked up often: those of typed big integers would be made anew each time.
  return count === 0 ? [] : Array.from(readPlain(values, count, chunk.leaf, onTrailing) as ArrayLike<unknown>)
}

function readContent(
  page: Page,
  chunk: Chunk,
  dictionary: DecodedArray | undefined,
  convert: Convert,
  onTrailing: OnTrailing,
  warn: Warn,
): Content {
  const { leaf } = chunk
  const content = contentOf(page, chunk, warn)
  const { count, encoding } = content
  const repetitions = content.repetitions && readLevels(content.repetitions, leaf.maxRepetition, count, onTrailing)
  const definitions = content.definitions && readLevels(content.definitions, leaf.maxDefinition, count, onTrailing)
  const present = definitions ? countOf(definitions, leaf.maxDefinition) : count
  // In lists, writers disagree on what a null is.
  if (leaf.maxRepetition === 0) checkNulls(content, present, page.place, warn)
  const values = readValues(content.values, encoding, present, leaf, dictionary, onTrailing)
  const isConverted = encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY'
  return { count, definitions, repetitions, values: isConverted ? values : convert(values) }
}

function readLevels(bytes: Uint8Array, max: number, count: number, onTrailing: OnTrailing): Uint32Array {
  const levels = new Uint32Array(count)
  reportRun(readHybrid(bytes, 32 - Math.clz32(max), levels), onTrailing)
  for (let i = 0; i < count; i++) if (levels[i]! > max) throw new RangeError(`a level of ${levels[i]} above ${max}`)
  return levels
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
