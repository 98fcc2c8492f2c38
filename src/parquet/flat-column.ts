import type { DecodedArray } from 'hyparquet'
import { ByteReader } from './byte-reader.ts'
import type { Column } from './column.ts'
import {
  checkCounts,
  checkEnd,
  dataPageContent,
  decodingPage,
  dictionaryContent,
  type PageContent,
  warnOfLevels,
} from './page-content.ts'
import type { Page } from './pages.ts'
import { readRleBitPacked } from './rle.ts'
import type { ColumnChunk } from './row-groups.ts'
import type { Leaf } from './schema.ts'
import { TextValues } from './text.ts'
import { readIndices, readPlain } from './values.ts'
import type { Warn } from './warnings.ts'

/*
 * The fast decoder, for what nearly all files have: flat columns, PLAIN or with a dictionary. It keeps dictionaries and
 * leaves text as bytes. generic-column.ts decodes all other columns cell by cell.
 */

/** Where the values of one page are. */
interface PageIndex {
  /** Number of values that are not null. */
  readonly count: number
  /** The place of each value among the values of the chunk, or of the first of consecutive ones. */
  readonly places: Uint32Array | number
  /** For each row 1 if it has a value, else 0; undefined when all have. */
  readonly present: Uint8Array | undefined
}

/**
 * @param pages all pages of the chunk
 * @param rows of the row group
 * @returns undefined for a column that the generic decoder must decode
 * @throws Error when the bytes of a page are not what its header declares
 */
export function decodeFlatColumn(
  pages: readonly Page[],
  chunk: ColumnChunk,
  rows: number,
  isText: boolean,
  warn: Warn,
): Column | undefined {
  const { leaf } = chunk
  const isFlat = leaf.maxRepetition === 0 && leaf.maxDefinition <= 1
  const values = isFlat ? valueBufferFor(leaf, isText) : undefined
  if (!values || !pages.every(isPlainOrIndexed)) return undefined
  const parts: PageIndex[] = []
  let dictionarySize = 0
  for (const page of pages) {
    decodingPage(page, () => {
      if (page.header.type === 'DICTIONARY_PAGE') dictionarySize = addDictionary(page, chunk, values, warn)
      else parts.push(addDataPage(page, chunk, values, dictionarySize, warn))
    })
  }
  const isInRowOrder = dictionarySize === 0 && parts.every(({ present }) => !present)
  return { values: values.finish(), index: isInRowOrder ? undefined : joinIndices(parts, rows, values.length) }
}

function isPlainOrIndexed({ header }: Page): boolean {
  const { type, data_page_header: v1, data_page_header_v2: v2 } = header
  if (type === 'DICTIONARY_PAGE') return true
  const encoding = type === 'DATA_PAGE' ? v1?.encoding : v2?.encoding
  return encoding === 'PLAIN' || encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY'
}

function addDictionary(page: Page, chunk: ColumnChunk, values: ValueBuffer, warn: Warn): number {
  const { count, values: reader } = dictionaryContent(page, chunk)
  if (count === 0) return 0
  values.add(reader.bytes, count)
  checkEnd(page.place, values.left, warn)
  return count
}

function addDataPage(
  page: Page,
  chunk: ColumnChunk,
  values: ValueBuffer,
  dictionarySize: number,
  warn: Warn,
): PageIndex {
  const content = dataPageContent(page, chunk)
  const present = presenceOf(content, warn)
  let count = content.count
  if (present) for (let row = 0; row < present.length; row++) count -= 1 - present[row]!
  checkCounts(content, count, warn)
  const places = content.encoding === 'PLAIN' ? values.length : readIndices(content.values, count)
  if (typeof places !== 'number') requireBelow(places, dictionarySize)
  else if (count > 0) values.add(content.values.rest(), count)
  // What writers put into a page without values differs.
  if (count > 0) checkEnd(page.place, typeof places === 'number' ? values.left : content.values.left, warn)
  return { count, places, present: count === content.count ? undefined : present }
}

/** A flat column has one definition level: 0 is a null, 1 a value. */
function presenceOf({ count, definitions, place }: PageContent, warn: Warn): Uint8Array | undefined {
  if (!definitions) return undefined
  const present = new Uint8Array(count)
  readRleBitPacked(definitions, 1, present, () => warnOfLevels(place, warn))
  return present
}

function requireBelow(indices: Uint32Array, dictionarySize: number): void {
  for (let i = 0; i < indices.length; i++) {
    if (indices[i]! >= dictionarySize) throw new RangeError('a value that the dictionary does not have')
  }
}

/** The place of the value of each row; of a null, `placeOfNulls`. */
function joinIndices(parts: readonly PageIndex[], rows: number, placeOfNulls: number): Uint32Array {
  const all = new Uint32Array(rows)
  let row = 0
  for (const { count, places, present } of parts) {
    const place = (value: number) => (typeof places === 'number' ? places + value : places[value]!)
    if (typeof places !== 'number' && !present) all.set(places, row)
    else if (!present) for (let value = 0; value < count; value++) all[row + value] = place(value)
    else {
      for (let i = 0, value = 0; i < present.length; i++) all[row + i] = present[i] ? place(value++) : placeOfNulls
    }
    row += present?.length ?? count
  }
  return all
}

/** Collects the values of a column chunk page by page. */
interface ValueBuffer {
  readonly length: number
  /** Bytes behind the last value of the page that was added last. */
  readonly left: number
  /** @throws RangeError when the bytes hold fewer than `count` values */
  add(bytes: Uint8Array, count: number): void
  finish(): TextValues | DecodedArray
}

/** Bytes of a value. */
const WIDTHS: Readonly<Record<string, number>> = { INT32: 4, INT64: 8, FLOAT: 4, DOUBLE: 8 }

/** @returns undefined for types that the generic decoder decodes */
function valueBufferFor(leaf: Leaf, isText: boolean): ValueBuffer | undefined {
  if (isText) return leaf.type === 'BYTE_ARRAY' ? new TextBuffer() : undefined
  const width = leaf.type === 'FIXED_LEN_BYTE_ARRAY' ? leaf.typeLength : WIDTHS[leaf.type ?? '']
  return width && width > 0 ? new FixedWidthBuffer(leaf, width) : undefined
}

/** Numbers, or byte arrays of one length. */
class FixedWidthBuffer implements ValueBuffer {
  length = 0
  left = 0
  readonly #leaf: Leaf
  readonly #width: number
  readonly #pieces: Uint8Array[] = []

  constructor(leaf: Leaf, width: number) {
    this.#leaf = leaf
    this.#width = width
  }

  add(bytes: Uint8Array, count: number): void {
    const size = count * this.#width
    if (size > bytes.length) throw new RangeError(`${count} values of ${this.#width} bytes in ${bytes.length} bytes`)
    this.#pieces.push(bytes.subarray(0, size))
    this.length += count
    this.left = bytes.length - size
  }

  finish(): DecodedArray {
    const bytes = joinArrays(Uint8Array, this.#pieces, this.length * this.#width)
    return readPlain(new ByteReader(bytes), this.length, this.#leaf)
  }
}

/** The length of a text, lowest byte first, stands before it. */
const LENGTH_BYTES = 4

class TextBuffer implements ValueBuffer {
  length = 0
  left = 0
  #size = 0
  readonly #pieces: Uint8Array[] = []
  readonly #starts: Uint32Array[] = []
  readonly #ends: Uint32Array[] = []

  add(bytes: Uint8Array, count: number): void {
    if (count * LENGTH_BYTES > bytes.length) throw new RangeError(`${count} texts in ${bytes.length} bytes`)
    if (this.#size + bytes.length >= 2 ** 32) throw new RangeError('more text than 32-bit offsets can address')
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const [starts, ends] = [new Uint32Array(count), new Uint32Array(count)]
    let end = 0
    for (let value = 0; value < count; value++) {
      const start = end + LENGTH_BYTES
      end = start + view.getUint32(end, true)
      if (end > bytes.length) throw new RangeError('a text reaches beyond its page')
      starts[value] = this.#size + start
      ends[value] = this.#size + end
    }
    this.#pieces.push(bytes)
    this.#starts.push(starts)
    this.#ends.push(ends)
    this.#size += bytes.length
    this.length += count
    this.left = bytes.length - end
  }

  finish(): TextValues {
    return new TextValues(
      joinArrays(Uint8Array, this.#pieces, this.#size),
      joinArrays(Uint32Array, this.#starts, this.length),
      joinArrays(Uint32Array, this.#ends, this.length),
    )
  }
}

/** Without a copy when there is only one array. */
function joinArrays<Typed extends Uint8Array | Uint32Array>(
  kind: new (length: number) => Typed,
  arrays: readonly Typed[],
  length: number,
): Typed {
  const [only] = arrays
  if (only && arrays.length === 1) return only
  const all = new kind(length)
  let at = 0
  for (const array of arrays) {
    all.set(array, at)
    at += array.length
  }
  return all
}
