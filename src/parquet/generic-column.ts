import type { DecodedArray } from 'hyparquet'
import {
  checkCounts,
  checkEnd,
  dataPageContent,
  decodingPage,
  dictionaryContent,
  warnOfLevels,
} from './page-content.ts'
import type { Page } from './pages.ts'
import { readRleBitPacked } from './rle.ts'
import type { ColumnChunk } from './row-groups.ts'
import type { Leaf } from './schema.ts'
import { readPlain, readValues } from './values.ts'
import { corrupt, type Warn } from './warnings.ts'

/** Converts physical values to cells. Called once for each value of a dictionary. */
export type Convert = (values: DecodedArray) => DecodedArray

/** A decoded data page. */
interface DecodedPage {
  readonly count: number
  readonly definitions: Uint32Array | undefined
  readonly repetitions: Uint32Array | undefined
  /** Those that are not null. */
  readonly values: DecodedArray
  readonly declaredRows: number | undefined
  readonly place: string
}

/**
 * Decodes a column chunk of any type and encoding cell by cell: one cell for each row, null where it has no value; in a
 * list column, an array of cells or null.
 *
 * @param pages all pages of the chunk
 * @param rows of the row group
 * @throws Error when the bytes of a page are not what its header declares
 * @throws AppError CORRUPT_PARQUET for another number of rows, UNSUPPORTED_PARQUET for an encoding
 */
export function decodeGenericColumn(
  pages: readonly Page[],
  chunk: ColumnChunk,
  rows: number,
  convert: Convert,
  warn: Warn,
): DecodedArray {
  const lists = chunk.leaf.maxRepetition > 0 ? new ListAssembler(chunk.leaf) : undefined
  const parts: DecodedArray[] = []
  let dictionary: DecodedArray | undefined
  for (const page of pages) {
    decodingPage(page, () => {
      if (page.header.type === 'DICTIONARY_PAGE') {
        dictionary = convert(readDictionary(page, chunk, warn))
        return
      }
      const decoded = decodePage(page, chunk, dictionary, convert, warn)
      if (lists) lists.add(decoded, warn)
      else parts.push(withNulls(decoded, chunk.leaf))
    })
  }
  const cells = lists ? lists.finish() : joinCells(parts)
  if (cells.length !== rows) throw corrupt(`${chunk.place} has ${cells.length} rows where ${rows} are declared.`)
  return cells
}

function readDictionary(page: Page, chunk: ColumnChunk, warn: Warn): DecodedArray {
  const { count, values } = dictionaryContent(page, chunk)
  if (count === 0) return []
  // Values are looked up often: a typed array of big integers would create each of them anew.
  const dictionary = Array.from(readPlain(values, count, chunk.leaf) as ArrayLike<unknown>)
  checkEnd(page.place, values.left, warn)
  return dictionary
}

function decodePage(
  page: Page,
  chunk: ColumnChunk,
  dictionary: DecodedArray | undefined,
  convert: Convert,
  warn: Warn,
): DecodedPage {
  const { leaf } = chunk
  const content = dataPageContent(page, chunk)
  const { count, encoding, place, declaredRows } = content
  const onOverrun = () => warnOfLevels(place, warn)
  const repetitions = content.repetitions && readLevels(content.repetitions, leaf.maxRepetition, count, onOverrun)
  const definitions = content.definitions && readLevels(content.definitions, leaf.maxDefinition, count, onOverrun)
  const present = definitions ? countOf(definitions, leaf.maxDefinition) : count
  // In lists, writers count nulls in different ways.
  if (leaf.maxRepetition === 0) checkCounts(content, present, warn)
  const values = present === 0 ? [] : readValues(content.values, encoding, present, leaf, dictionary)
  // What writers put into a page without values differs.
  if (present > 0) checkEnd(place, content.values.left, warn)
  const isConverted = encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY'
  return { count, definitions, repetitions, values: isConverted ? values : convert(values), declaredRows, place }
}

function readLevels(bytes: Uint8Array, max: number, count: number, onOverrun: () => void): Uint32Array {
  const levels = new Uint32Array(count)
  readRleBitPacked(bytes, 32 - Math.clz32(max), levels, onOverrun)
  for (let i = 0; i < count; i++) if (levels[i]! > max) throw new RangeError(`a level of ${levels[i]} above ${max}`)
  return levels
}

function countOf(levels: Uint32Array, wanted: number): number {
  let count = 0
  for (let i = 0; i < levels.length; i++) if (levels[i] === wanted) count++
  return count
}

function withNulls({ count, definitions, values }: DecodedPage, { maxDefinition }: Leaf): DecodedArray {
  if (!definitions || values.length === count) return values
  const cells = new Array<unknown>(count)
  let next = 0
  for (let i = 0; i < count; i++) cells[i] = definitions[i] === maxDefinition ? values[next++] : null
  return cells
}

function joinCells(parts: readonly DecodedArray[]): DecodedArray {
  const [first = [], ...others] = parts
  if (others.length === 0) return first
  const cells: unknown[] = []
  for (const part of parts) for (const cell of part) cells.push(cell)
  return cells
}

/** Assembles the lists of a LIST column row by row. A list may continue in the next page. */
class ListAssembler {
  readonly #leaf: Leaf
  readonly #lists: (unknown[] | null)[] = []

  constructor(leaf: Leaf) {
    this.#leaf = leaf
  }

  /** @throws Error when the levels contradict each other */
  add({ values, definitions, repetitions, declaredRows, place }: DecodedPage, warn: Warn): void {
    if (!definitions || !repetitions) throw new Error('a list without levels')
    const { maxDefinition, listDefinition } = this.#leaf
    const before = this.#lists.length
    let next = 0
    for (let i = 0; i < definitions.length; i++) {
      const definition = definitions[i]!
      const element = definition === maxDefinition ? values[next++] : null
      if (repetitions[i] === 0) this.#lists.push(definition < listDefinition ? null : [])
      else if (definition <= listDefinition) throw new Error('an empty list that continues')
      if (definition > listDefinition) this.#addElement(element)
    }
    const rows = this.#lists.length - before
    if (declaredRows !== undefined && rows !== declaredRows) {
      warn('SIZE_DISAGREES', place, `the page header declares ${declaredRows} rows, the page has ${rows}`)
    }
  }

  finish(): DecodedArray {
    return this.#lists
  }

  #addElement(element: unknown): void {
    const list = this.#lists.at(-1)
    if (!list) throw new Error('an element outside a list')
    list.push(element)
  }
}
