import type { Column } from './column.ts'
import { readHybrid } from './hybrid.ts'
import { checkNulls, contentOf, dictionaryOf, type PageContent } from './page-content.ts'
import type { Page } from './pages.ts'
import { poolFor } from './pool.ts'
import type { Chunk } from './row-groups.ts'
import { type OnTrailing, readIndices, reportRun } from './values.ts'
import type { Warn } from './warnings.ts'

/*
 * Decodes what nearly all files have: flat columns, plain or with a dictionary. Other columns are decoded cell
 * by cell (column-chunk.ts); here dictionaries are kept, and text stays bytes.
 */

/**
 * @param pages all pages of the chunk, checked
 * @param rows of the row group
 * @returns undefined for what is to be decoded cell by cell
 * @throws Error when the bytes are not what their headers say
 */
export function decodeFlat(
  pages: readonly Page[],
  chunk: Chunk,
  rows: number,
  isText: boolean,
  warn: Warn,
): Column | undefined {
  const { leaf } = chunk
  const pool = leaf.maxRepetition === 0 && leaf.maxDefinition <= 1 ? poolFor(leaf, isText) : undefined
  if (!pool || !pages.every(isPlainOrIndexed)) return undefined
  const parts: Part[] = []
  let dictionarySize = 0
  for (const page of pages) {
    const onTrailing: OnTrailing = what => warn('TRAILING_BYTES', page.place, what)
    if (page.header.type === 'DICTIONARY_PAGE') {
      const { count, values } = dictionaryOf(page, chunk)
      dictionarySize = count
      if (count > 0) pool.add(values, count, onTrailing)
      continue
    }
    const content = contentOf(page, chunk, warn)
    const { count, present } = presence(content, onTrailing)
    checkNulls(content, count, page.place, warn)
    if (content.encoding === 'PLAIN') {
      parts.push({ count, places: pool.length, present })
      // What is left of a page without values differs from writer to writer.
      if (count > 0) pool.add(content.values, count, onTrailing)
    } else {
      const places = readIndices(content.values, count, onTrailing)
      if (hasAbove(places, dictionarySize - 1)) throw new RangeError('a value that the dictionary does not have')
      parts.push({ count, places, present })
    }
  }
  const isInRowOrder = dictionarySize === 0 && parts.every(({ present }) => !present)
  return { values: pool.finish(), index: isInRowOrder ? undefined : joined(parts, rows, pool.length) }
}

/** The rows of one page. */
interface Part {
  /** Of the rows that have a value. */
  readonly count: number
  /** Where their values are, one by one, or where the first of them is that lie side by side. */
  readonly places: Uint32Array | number
  /** For each row whether it has a value; undefined when all have. */
  readonly present: Uint8Array | undefined
}

function isPlainOrIndexed({ header }: Page): boolean {
  const { type, data_page_header: v1, data_page_header_v2: v2 } = header
  if (type === 'DICTIONARY_PAGE') return true
  const encoding = type === 'DATA_PAGE' ? v1?.encoding : v2?.encoding
  return encoding === 'PLAIN' || encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY'
}

/** A flat column has one level: 0 is a null, 1 a value. */
function presence({ count: rows, definitions }: PageContent, onTrailing: OnTrailing): Pick<Part, 'count' | 'present'> {
  let present: Uint8Array | undefined
  let count = rows
  if (definitions) {
    present = new Uint8Array(rows)
    reportRun(readHybrid(definitions, 1, present), onTrailing)
    count = 0
    for (let row = 0; row < rows; row++) count += present[row]!
  }
  return { count, present: count === rows ? undefined : present }
}

function hasAbove(places: Uint32Array, largest: number): boolean {
  for (let at = 0; at < places.length; at++) if (places[at]! > largest) return true
  return false
}

/** The places of all rows; nulls have one past the end. */
function joined(parts: readonly Part[], rows: number, ofNulls: number): Uint32Array {
  const all = new Uint32Array(rows)
  let row = 0
  for (const { count, places, present } of parts) {
    const place = (value: number) => (typeof places === 'number' ? places + value : places[value]!)
    if (typeof places !== 'number' && !present) all.set(places, row)
    else if (!present) for (let value = 0; value < count; value++) all[row + value] = place(value)
    else {
      for (let i = 0, value = 0; i < present.length; i++) all[row + i] = present[i] ? place(value++) : ofNulls
    }
    row += present?.length ?? count
  }
  return all
}
