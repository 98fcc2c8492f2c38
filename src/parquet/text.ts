import { isUtf8 } from 'node:buffer'

/** The cell of a text column whose bytes are not UTF-8. */
export class InvalidText {
  readonly bytes: Uint8Array
  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }
}

/** Returns the bytes as a string, or as InvalidText when they are not UTF-8. */
export function checkedText(bytes: Uint8Array): string | InvalidText {
  if (!isUtf8(bytes)) return new InvalidText(bytes)
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

/** The texts of a column as bytes. A string is created only when a text is read. */
export class TextValues {
  readonly bytes: Uint8Array
  readonly starts: Uint32Array
  readonly ends: Uint32Array

  constructor(bytes: Uint8Array, starts: Uint32Array, ends: Uint32Array) {
    this.bytes = bytes
    this.starts = starts
    this.ends = ends
  }

  get length(): number {
    return this.starts.length
  }

  at(place: number): string | InvalidText {
    return checkedText(this.bytes.subarray(this.starts[place], this.ends[place]))
  }
}

/** Returns a function that tells whether the text at a position is below `min` or above `max`, compared byte by byte. Ignores texts that are not UTF-8. */
export function outsideText(
  { bytes, starts, ends }: TextValues,
  min: Uint8Array | undefined,
  max: Uint8Array | undefined,
): (at: number) => boolean {
  const low = min ? prefix(min, 0, min.length) : -1
  const high = max ? prefix(max, 0, max.length) : 2 ** 32
  return at => {
    const [start, end] = [starts[at]!, ends[at]!]
    const first = prefix(bytes, start, end)
    if (first > low && first < high) return false
    const isBefore = min !== undefined && compare(bytes, start, end, min) < 0
    const isAfter = max !== undefined && compare(bytes, start, end, max) > 0
    return (isBefore || isAfter) && isUtf8(bytes.subarray(start, end))
  }
}

/** Returns the first four bytes as a number. Texts with different prefixes have the order of their prefixes. */
function prefix(bytes: Uint8Array, start: number, end: number): number {
  let first = 0
  for (let at = start; at < start + 4; at++) first = first * 256 + (at < end ? bytes[at]! : 0)
  return first
}

function compare(bytes: Uint8Array, start: number, end: number, other: Uint8Array): number {
  const common = Math.min(end - start, other.length)
  for (let i = 0; i < common; i++) {
    const difference = bytes[start + i]! - other[i]!
    if (difference !== 0) return difference
  }
  return end - start - other.length
}
