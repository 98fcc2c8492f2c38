/** Past this a value and the bits left over from the one before do not fit 32 bits. No writer needs as many. */
export const MAX_BIT_WIDTH = 24

/**
 * Decodes Parquet's hybrid of runs and packed bits, in which levels and dictionary indexes are kept, until `out` is full.
 *
 * @param width of a value, in bits: 1 to MAX_BIT_WIDTH
 * @throws RangeError when the bytes hold too few values, or a run or a value that does not fit
 */
export function readHybrid(bytes: Uint8Array, width: number, out: Uint8Array | Uint32Array): void {
  let at = 0
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
      readPacked(bytes, at, width, out, done, count)
      at += length * width
      done += count
    } else {
      const size = (width + 7) >> 3
      if (length > out.length - done || at + size > bytes.length) throw new RangeError('a run that does not fit')
      let value = 0
      for (let byte = 0; byte < size; byte++) value |= bytes[at++]! << (8 * byte)
      if (value >>> width > 0) throw new RangeError('a value of more bits')
      out.fill(value, done, done + length)
      done += length
    }
  }
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
