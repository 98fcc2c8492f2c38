import type { ByteReader } from './byte-reader.ts'
import { unpack, unpackOne } from './rle.ts'

interface Header {
  readonly perMiniblock: number
  readonly miniblocks: number
  readonly first: bigint
}

/** Lengths of blocks are multiples of these by the format; no writer has larger ones than this. */
const BLOCK_MULTIPLE = 128
const MINIBLOCK_MULTIPLE = 32
const MAX_BLOCK = 1 << 20

/** Reads exactly `count` 32-bit values, stored as their differences, which wrap around. */
export function readDelta32(reader: ByteReader, count: number): Int32Array {
  const values = new Int32Array(count)
  if (count === 0) return values
  const header = readHeader(reader, count)
  let value = Number(BigInt.asIntN(32, header.first))
  values[0] = value
  const differences = new Uint32Array(header.perMiniblock)
  eachMiniblock(reader, header, count, 32, (minimum, packed, width, from, to) => {
    const least = Number(BigInt.asIntN(32, minimum))
    unpack(packed, 0, width, to - from, differences, 0)
    for (let i = from; i < to; i++) values[i] = value = (value + least + differences[i - from]!) | 0
  })
  return values
}

/** Reads exactly `count` 64-bit values, stored as their differences, which wrap around. */
export function readDelta64(reader: ByteReader, count: number): BigInt64Array {
  const values = new BigInt64Array(count)
  if (count === 0) return values
  const header = readHeader(reader, count)
  let value = header.first
  values[0] = value
  const differences = new Uint32Array(header.perMiniblock)
  eachMiniblock(reader, header, count, 64, (minimum, packed, width, from, to) => {
    if (width <= 32 && staysSafe(value, minimum, to - from)) {
      unpack(packed, 0, width, to - from, differences, 0)
      addUp(values, from, to, Number(value), Number(minimum), differences)
    } else addUpWide(values, from, to, value, minimum, packed, width)
    value = values[to - 1]!
  })
  return values
}

const MAX_DIFFERENCE = 2 ** 32

/** Whether sums in floating point are exact: big integers take several times as long. */
function staysSafe(value: bigint, minimum: bigint, count: number): boolean {
  const furthest = Math.abs(Number(value)) + count * (Math.abs(Number(minimum)) + MAX_DIFFERENCE)
  return furthest <= Number.MAX_SAFE_INTEGER
}

function addUp(
  values: BigInt64Array,
  from: number,
  to: number,
  start: number,
  minimum: number,
  differences: Uint32Array,
): void {
  let value = start
  for (let i = from; i < to; i++) {
    value += minimum + differences[i - from]!
    values[i] = BigInt(value)
  }
}

function addUpWide(
  values: BigInt64Array,
  from: number,
  to: number,
  start: bigint,
  minimum: bigint,
  packed: Uint8Array,
  width: number,
): void {
  let value = start
  for (let i = from; i < to; i++) {
    const difference = width === 0 ? 0n : unpackOne(packed, (i - from) * width, width)
    value = BigInt.asIntN(64, value + minimum + difference)
    values[i] = value
  }
}

function readHeader(reader: ByteReader, count: number): Header {
  const block = reader.varint()
  const miniblocks = reader.varint()
  const total = reader.varint()
  const perMiniblock = block / miniblocks
  const isSane =
    block > 0 && block <= MAX_BLOCK && block % BLOCK_MULTIPLE === 0 && perMiniblock % MINIBLOCK_MULTIPLE === 0
  if (!isSane) throw new RangeError(`blocks of ${block} values in ${miniblocks} parts`)
  if (total !== count) throw new RangeError(`${total} values where ${count} are declared`)
  return { perMiniblock, miniblocks, first: reader.zigzag() }
}

type OnMiniblock = (minimum: bigint, packed: Uint8Array, width: number, from: number, to: number) => void

/** Only the miniblocks that hold values have a body, padded to its whole length. */
function eachMiniblock(reader: ByteReader, header: Header, count: number, maxWidth: number, on: OnMiniblock): void {
  const { perMiniblock, miniblocks } = header
  for (let at = 1; at < count; ) {
    const minimum = reader.zigzag()
    const widths = reader.take(miniblocks)
    for (let i = 0; i < miniblocks && at < count; i++) {
      const width = widths[i]!
      if (width > maxWidth) throw new RangeError(`differences of ${width} bits`)
      const to = Math.min(at + perMiniblock, count)
      on(minimum, miniblock(reader, (perMiniblock / 8) * width), width, at, to)
      at = to
    }
  }
}

/** Some writers do not pad the last miniblock of a page. */
function miniblock(reader: ByteReader, length: number): Uint8Array {
  return reader.take(Math.min(length, reader.left))
}
