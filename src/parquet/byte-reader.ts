/** Reads a page's bytes in order. Throws a RangeError beyond their end, never reads another page's bytes. */
export class ByteReader {
  readonly bytes: Uint8Array
  at = 0
  readonly #view: DataView

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get left(): number {
    return this.bytes.length - this.at
  }

  /** The next `length` bytes, without a copy. */
  take(length: number): Uint8Array {
    if (!(length >= 0 && length <= this.left)) throw new RangeError(`${length} bytes where ${this.left} are left`)
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  rest(): Uint8Array {
    return this.take(this.left)
  }

  uint8(): number {
    this.at++
    return this.#view.getUint8(this.at - 1)
  }

  uint32(): number {
    this.at += 4
    return this.#view.getUint32(this.at - 4, true)
  }

  /** LEB128 of at most 32 bits. */
  varint(): number {
    let value = 0
    for (let factor = 1; factor <= 2 ** 28; factor *= 128) {
      const byte = this.uint8()
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
    throw new RangeError('a varint has no end')
  }

  /** LEB128 of at most 64 bits, whose lowest bit is the sign. */
  zigzag(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.uint8()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n))
    }
    throw new RangeError('a varint has no end')
  }
}
