/** No level and no index is wider: they are 32-bit integers. */
export const MAX_BIT_WIDTH = 32
/** Above this width a value and the bits left over from the one before do not fit 32 bits. */
const MAX_NARROW_WIDTH = 24

/**
 * Decodes the RLE/bit-packing hybrid, in which levels and dictionary indices are stored, until `out` is full. The last
 * bit-packed group may end with its last value instead of being padded to eight.
 *
 * @param width of a value in bits: 1 to MAX_BIT_WIDTH
 * @param onOverrun called when a run holds more values than are left in `out`; the run is an error when absent
 * @returns the length of what was decoded, at most that of `bytes`
 * @throws RangeError when the bytes hold too few values, or a run or a value that does not fit
 */
export function readRleBitPacked(
  bytes: Uint8Array,
  width: number,
  out: Uint8Array | Uint32Array,
  onOverrun?: () => void,
): number {
  let at = 0
  for (let done = 0; done < out.length; ) {
    let header = 0
    for (let shift = 0; ; shift += 7) {
      if (at >= bytes.length || shift > 28) throw new RangeError('no further run')
      const byte = bytes[at++]!
      header |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    const left = out.length - done
    const length = header >>> 1
    if (header & 1) {
      const count = Math.min(length * 8, left)
      if (at + Math.ceil((count * width) / 8) > bytes.length) throw new RangeError('a bit-packed run is cut short')
      unpack(bytes, at, width, count, out, done)
      at += length * width
      done += count
    } else {
      const size = (width + 7) >> 3
      if ((length > left && !onOverrun) || at + size > bytes.length) throw new RangeError('a run does not fit')
      if (length > left) onOverrun?.()
      let value = 0
      for (let byte = 0; byte < size; byte++) value += bytes[at++]! * 2 ** (8 * byte)
      if (value >= 2 ** width) throw new RangeError('a value has too many bits')
      const count = Math.min(length, left)
      out.fill(value, done, done + count)
      done += count
    }
  }
  return Math.min(at, bytes.length)
}

/**
 * Unpacks values that are packed from the lowest bit of the first byte on.
 *
 * @throws RangeError when there are fewer bits than values
 */
export function unpack(
  packed: Uint8Array,
  start: number,
  width: number,
  count: number,
  out: Uint8Array | Uint32Array,
  first: number,
): void {
  if ((packed.length - start) * 8 < count * width) throw new RangeError('fewer packed values than declared')
  if (width > MAX_NARROW_WIDTH) unpackWide(packed, start, width, count, out, first)
  else unpackNarrow(packed, start, width, count, out, first)
}

function unpackNarrow(
  packed: Uint8Array,
  start: number,
  width: number,
  count: number,
  out: Uint8Array | Uint32Array,
  first: number,
): void {
  const mask = (1 << width) - 1
  let at = start
  let pending = 0
  let bits = 0
  for (let i = first; i < first + count; i++) {
    while (bits < width) {
      pending |= packed[at++]! << bits
      bits += 8
    }
    out[i] = pending & mask
    pending >>>= width
    bits -= width
  }
}

function unpackWide(
  packed: Uint8Array,
  start: number,
  width: number,
  count: number,
  out: Uint8Array | Uint32Array,
  first: number,
): void {
  for (let i = 0; i < count; i++) out[first + i] = Number(unpackOne(packed, start * 8 + i * width, width))
}

/** One packed value of up to 64 bits. */
export function unpackOne(packed: Uint8Array, startBit: number, width: number): bigint {
  let value = 0n
  const first = startBit >> 3
  const last = (startBit + width - 1) >> 3
  for (let at = last; at >= first; at--) value = (value << 8n) | BigInt(packed[at]!)
  return BigInt.asUintN(width, value >> BigInt(startBit & 7))
}
