import { unpack } from './bits.ts'

/** Of a dictionary index. */
export const MAX_BIT_WIDTH = 32
/** Above this a value and the bits left over from the one before do not fit 32 bits. */
const MAX_FAST_BIT_WIDTH = 24

/**
 * Decodes Parquet's hybrid of runs and packed bits, in which levels and dictionary indexes are kept, until `out` is full.
 * Values beyond those are not looked at: some writers round the last run up.
 *
 * @param width of a value, in bits: 1 to MAX_BIT_WIDTH
 * @returns whether the last run goes on after `out` is full
 * @throws RangeError when the bytes hold too few values, or a value that does not fit
 */
export function readHybrid(bytes: Uint8Array, width: number, out: Uint8Array | Uint32Array): boolean {
  let at = 0
  let goesOn = false
  for (let done = 0; done < out.length; ) {
    let header = 0
    for (let shift = 0; ; shift += 7) {
      if (at >= bytes.length || shift > 28) throw new RangeError('no further run')
      const byte = bytes[at++]!
      header |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    const length = header >>> 1
    if (header & 1) {
      const count = Math.min(length * 8, out.length - done)
      if (at + Math.ceil((count * width) / 8) > bytes.length) throw new RangeError('packed bits are cut short')
      if (width <= MAX_FAST_BIT_WIDTH) readPacked(bytes, at, width, out, done, count)
      else unpack(bytes.subarray(at), width, count, out as Uint32Array, done)
      at += length * width
      done += count
    } else {
      const size = (width + 7) >> 3
      if (at + size > bytes.length) throw new RangeError('a run without its value')
      let value = 0
      for (let byte = 0; byte < size; byte++) value += bytes[at++]! * 2 ** (8 * byte)
      if (value >= 2 ** width) throw new RangeError('a value of more bits')
      goesOn = length > out.length - done
      out.fill(value, done, done + length)
      done += length
    }
  }
  return goesOn
}

/** Packed lowest bit first. */
function readPacked(
  bytes: Uint8Array,
  start: number,
  width: number,
  out: Uint8Array | Uint32Array,
  first: number,
  count: number,
): void {
  const mask = (1 << width) - 1
  let at = start
  let bits = 0
  let left = 0
  for (let i = first; i < first + count; i++) {
    while (left < width) {
      bits |= bytes[at++]! << left
      left += 8
    }
    out[i] = bits & mask
    bits >>>= width
    left -= width
  }
}
