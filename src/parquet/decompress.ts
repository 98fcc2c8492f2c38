import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { Decompress } from 'fzstd'
import type { CompressionCodec } from 'hyparquet'
import { compressors as unbounded } from 'hyparquet-compressors'
import { lz4, lz4Raw } from './lz4.ts'

/*
 * Decompressors that stop at the size that the page header declares, so that a small file cannot expand without limit.
 * pages.ts checks the declared sizes against the resource limits before it decompresses a page.
 */

/** Zstandard recommends decoders 8 MB; its highest level uses 128 MB. */
const MAX_ZSTD_WINDOW_BYTES = 128 * 2 ** 20

/** Returns exactly `length` bytes. @throws Error when the input decompresses to fewer or more */
export function decompress(codec: CompressionCodec, input: Uint8Array, length: number): Uint8Array {
  const output = unfold(codec, input, length)
  requireLength(output.length, length)
  return output
}

function unfold(codec: CompressionCodec, input: Uint8Array, length: number): Uint8Array {
  switch (codec) {
    case 'UNCOMPRESSED':
      return input
    case 'SNAPPY':
      requireLength(snappyLength(input), length)
      return unbounded.SNAPPY!(input, length)
    case 'GZIP':
      return gunzipSync(input, { maxOutputLength: atLeastOne(length) })
    case 'BROTLI':
      return brotliDecompressSync(input, { maxOutputLength: atLeastOne(length) })
    case 'ZSTD':
      return zstd(input, length)
    case 'LZ4':
      return lz4(input, length)
    case 'LZ4_RAW':
      return lz4Raw(input, length)
    default:
      throw new Error(`unknown codec ${codec}`)
  }
}

/** For zlib, 0 means no limit. */
function atLeastOne(length: number): number {
  return Math.max(1, length)
}

function requireLength(found: number, declared: number): void {
  if (found !== declared) throw new Error(`${found} bytes where ${declared} are declared`)
}

/** Reads the decompressed length at the beginning of a Snappy block, a little-endian varint. */
function snappyLength(input: Uint8Array): number {
  let length = 0
  for (let at = 0; at < Math.min(5, input.length); at++) {
    length += (input[at]! & 0x7f) * 2 ** (7 * at)
    if (input[at]! < 0x80) return length
  }
  return Number.NaN
}

function zstd(input: Uint8Array, length: number): Uint8Array {
  const { contentBytes, windowBytes } = zstdHeader(input)
  if (windowBytes > MAX_ZSTD_WINDOW_BYTES) throw new Error(`a window of ${windowBytes} bytes`)
  // With its size in the header, a frame is decompressed in one call. fzstd trusts that size, so it is checked first.
  if (contentBytes === length) return unbounded.ZSTD!(input, length)
  const output = new Uint8Array(length)
  let filled = 0
  const stream = new Decompress(chunk => {
    if (filled + chunk.length > length) throw new Error(`more than the ${length} bytes that are declared`)
    output.set(chunk, filled)
    filled += chunk.length
  })
  stream.push(input, true)
  requireLength(filled, length)
  return output
}

const ZSTD_MAGIC = 0xfd2fb528

/** Reads the header of the first frame: RFC 8878, section 3.1.1.1. */
function zstdHeader(input: Uint8Array): { contentBytes: number | undefined; windowBytes: number } {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  if (view.getUint32(0, true) !== ZSTD_MAGIC) throw new Error('no zstd frame')
  const descriptor = view.getUint8(4)
  const isSingleSegment = (descriptor & 0x20) !== 0
  const sizeFlag = descriptor >> 6
  const afterWindow = isSingleSegment ? 5 : 6
  const at = afterWindow + [0, 1, 2, 4][descriptor & 3]!
  const contentBytes = contentSize(view, at, sizeFlag, isSingleSegment)
  if (isSingleSegment) return { contentBytes, windowBytes: contentBytes ?? 0 }
  const window = view.getUint8(5)
  const base = 2 ** (10 + (window >> 3))
  return { contentBytes, windowBytes: base + (base / 8) * (window & 7) }
}

function contentSize(view: DataView, at: number, flag: number, isSingleSegment: boolean): number | undefined {
  if (flag === 0) return isSingleSegment ? view.getUint8(at) : undefined
  if (flag === 1) return view.getUint16(at, true) + 256
  return flag === 2 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true))
}
