/** Bits are packed from the lowest of the first byte on. */
export function unpack(packed: Uint8Array, width: number, count: number, values: Uint32Array, from: number): void {
  if (packed.length * 8 < count * width) throw new RangeError('fewer packed values than declared')
  // A value and the bits left over from the one before must fit 31 bits.
  if (width > 24) unpackWide(packed, width, count, values, from)
  else unpackNarrow(packed, width, count, values, from)
}

function unpackNarrow(packed: Uint8Array, width: number, count: number, values: Uint32Array, from: number): void {
  const mask = 2 ** width - 1
  let pending = 0
  let bits = 0
  let at = 0
  for (let i = 0; i < count; i++) {
    for (; bits < width; bits += 8) pending |= packed[at++]! << bits
    values[from + i] = pending & mask
    pending >>>= width
    bits -= width
  }
}

function unpackWide(packed: Uint8Array, width: number, count: number, values: Uint32Array, from: number): void {
  for (let i = 0; i < count; i++) values[from + i] = Number(bitsAt(packed, i * width, width))
}

/** Up to 64 bits. */
export function bitsAt(packed: Uint8Array, start: number, width: number): bigint {
  let value = 0n
  const first = start >> 3
  const last = (start + width - 1) >> 3
  for (let at = last; at >= first; at--) value = (value << 8n) | BigInt(packed[at]!)
  return BigInt.asUintN(width, value >> BigInt(start & 7))
}
