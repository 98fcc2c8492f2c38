import type { DecodedArray } from 'hyparquet'
import type { Leaf } from './leaves.ts'
import { TextValues } from './text.ts'
import { type OnTrailing, readPlain, reportLeft, takeBytes } from './values.ts'

/** The values of a column chunk, collected page by page. */
export interface Pool {
  readonly length: number
  /** @throws RangeError when the bytes hold fewer than `count` values */
  add(bytes: Uint8Array, count: number, onTrailing: OnTrailing): void
  finish(): TextValues | DecodedArray
}

/** Bytes of a value; text has a length of its own each. */
const WIDTHS: Readonly<Record<string, number>> = { INT32: 4, INT64: 8, FLOAT: 4, DOUBLE: 8 }

/** @returns undefined for types that are decoded cell by cell */
export function poolFor(leaf: Leaf, isText: boolean): Pool | undefined {
  if (isText) return leaf.type === 'BYTE_ARRAY' ? new TextPool() : undefined
  const width = leaf.type === 'FIXED_LEN_BYTE_ARRAY' ? leaf.typeLength : WIDTHS[leaf.type ?? '']
  return width && width > 0 ? new FixedPool(leaf, width) : undefined
}

/** Numbers, or byte arrays of one length. */
class FixedPool implements Pool {
  length = 0
  readonly #leaf: Leaf
  readonly #width: number
  readonly #pieces: Uint8Array[] = []

  constructor(leaf: Leaf, width: number) {
    this.#leaf = leaf
    this.#width = width
  }

  add(bytes: Uint8Array, count: number, onTrailing: OnTrailing): void {
    this.#pieces.push(takeBytes(bytes, count * this.#width, onTrailing))
    this.length += count
  }

  finish(): DecodedArray {
    return readPlain(joined(Uint8Array, this.#pieces, this.length * this.#width), this.length, this.#leaf, () => {})
  }
}

/** Each text behind its length; a length is 4 bytes, lowest first. */
const LENGTH_BYTES = 4

class TextPool implements Pool {
  length = 0
  #size = 0
  readonly #pieces: Uint8Array[] = []
  readonly #starts: Uint32Array[] = []
  readonly #ends: Uint32Array[] = []

  add(bytes: Uint8Array, count: number, onTrailing: OnTrailing): void {
    if (count * LENGTH_BYTES > bytes.length) throw new RangeError('too few bytes')
    if (this.#size + bytes.length >= 2 ** 32) throw new RangeError('more text than places can tell')
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const [starts, ends] = [new Uint32Array(count), new Uint32Array(count)]
    let end = 0
    for (let value = 0, at = 0; value < count; value++) {
      const start = at + LENGTH_BYTES
      at = start + view.getUint32(at, true)
      if (at > bytes.length) throw new RangeError('a text outside the page')
      starts[value] = this.#size + start
      ends[value] = this.#size + at
      end = at
    }
    reportLeft(bytes.length - end, onTrailing)
    this.#pieces.push(bytes)
    this.#starts.push(starts)
    this.#ends.push(ends)
    this.#size += bytes.length
    this.length += count
  }

  finish(): TextValues {
    return new TextValues(
      joined(Uint8Array, this.#pieces, this.#size),
      joined(Uint32Array, this.#starts, this.length),
      joined(Uint32Array, this.#ends, this.length),
    )
  }
}

/** One piece is taken as it is. */
function joined<Piece extends Uint8Array | Uint32Array>(
  kind: new (length: number) => Piece,
  pieces: readonly Piece[],
  length: number,
): Piece {
  const [only] = pieces
  if (only && pieces.length === 1) return only
  const all = new kind(length)
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}
