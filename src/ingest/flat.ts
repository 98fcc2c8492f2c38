import type { ColumnMetaData, SchemaElement } from 'hyparquet'
import type { Column } from './column.ts'
import type { ColumnKind } from './columns.ts'
import { MAX_BIT_WIDTH, readHybrid } from './hybrid.ts'
import { corrupt } from './inspect.ts'
import { canOpen, openPage } from './opened-page.ts'
import type { Page } from './pages.ts'
import { poolFor } from './pool.ts'

/*
 * Decodes what nearly all files have: flat columns, plain or with a dictionary. The library puts every cell together
 * as if it could be a nested one, and makes an object of each; here dictionaries are kept, and text stays bytes.
 */

/** A column chunk with the pages that were found in it. */
export interface FlatChunk {
  readonly pages: readonly Page[]
  readonly metadata: ColumnMetaData
  readonly element: SchemaElement
  readonly kind: ColumnKind
  readonly rows: number
  /** Where this is, for messages. */
  readonly place: string
}

/**
 * @returns undefined for what is left to the library
 * @throws Refusal CORRUPT_PARQUET; RangeError or Error when the bytes are not what their headers say
 */
export function decodeFlat({ pages, metadata, element, kind, rows, place }: FlatChunk): Column | undefined {
  const isOptional = element.repetition_type !== 'REQUIRED'
  const pool = metadata.type === element.type ? poolFor(element, kind.kind === 'text') : undefined
  if (!pool || !pages.every((page, at) => canOpen(page, at, isOptional))) return undefined
  const parts: Part[] = []
  let dictionarySize = 0
  for (const page of pages) {
    const { content, count, present, values } = openPage(page, metadata.codec, isOptional)
    if (content === 'indexes') {
      const places = indexes(values, count)
      if (!places) return undefined
      if (hasAbove(places, dictionarySize - 1)) throw corrupt(`${place} refers to values that it does not have.`)
      parts.push({ count, places, present })
      continue
    }
    if (content === 'dictionary') dictionarySize = count
    else parts.push({ count, places: pool.length, present })
    pool.add(values, count)
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

/** Dictionary indexes behind a byte that tells their width. Of no width are those into a dictionary of one value. */
function indexes(values: Uint8Array, count: number): Uint32Array | undefined {
  const places = new Uint32Array(count)
  const width = values[0] ?? 0
  if (width > MAX_BIT_WIDTH) return undefined
  if (width > 0) readHybrid(values.subarray(1), width, places)
  return places
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
