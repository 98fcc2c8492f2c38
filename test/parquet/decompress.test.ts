import { brotliCompressSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { snappyCompress } from 'hyparquet-writer/src/snappy.js'
import { decompress } from '../../src/parquet/decompress.ts'

/** Literals alone, which every reader of LZ4 must take. */
function lz4Literals(bytes: Uint8Array): Uint8Array {
  const more = bytes.length - 15
  const length = more < 0 ? [] : [...new Array(Math.floor(more / 255)).fill(255), more % 255]
  return Uint8Array.from([Math.min(bytes.length, 15) << 4, ...length, ...bytes])
}

/** Hadoop's frames: both lengths before each, highest byte first. */
function hadoop(...frames: readonly Uint8Array[]): Uint8Array {
  const parts = frames.flatMap(frame => {
    const stored = lz4Literals(frame)
    const head = Buffer.alloc(8)
    head.writeUInt32BE(frame.length)
    head.writeUInt32BE(stored.length, 4)
    return [head, stored]
  })
  return Buffer.concat(parts)
}

/** One raw block in a frame with or without its size. */
function zstd(bytes: Uint8Array, hasSize: boolean): Uint8Array {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(bytes.length)
  const block = (bytes.length << 3) | 1
  const header = hasSize ? [0xa0, ...size] : [0x00, 0x58]
  return Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, ...header, block & 255, (block >> 8) & 255, block >> 16, ...bytes])
}

const COMPRESSED = {
  UNCOMPRESSED: (bytes: Uint8Array) => [bytes],
  GZIP: (bytes: Uint8Array) => [
    gzipSync(bytes),
    Buffer.concat([gzipSync(bytes.subarray(0, 3)), gzipSync(bytes.subarray(3))]),
  ],
  BROTLI: (bytes: Uint8Array) => [brotliCompressSync(bytes)],
  SNAPPY: (bytes: Uint8Array) => [snappyCompress(bytes)],
  ZSTD: (bytes: Uint8Array) => [zstd(bytes, true), zstd(bytes, false)],
  LZ4_RAW: (bytes: Uint8Array) => [lz4Literals(bytes)],
  LZ4: (bytes: Uint8Array) => [lz4Literals(bytes), hadoop(bytes), hadoop(bytes.subarray(0, 3), bytes.subarray(3))],
}
type Codec = keyof typeof COMPRESSED
const CODECS = Object.keys(COMPRESSED) as Codec[]

function lengthOrError(codec: Codec, stored: Uint8Array, length: number): number | 'an error' {
  try {
    return decompress(codec, stored, length).length
  } catch {
    return 'an error'
  }
}

describe.each(CODECS)('%s', codec => {
  const anyBytes = fc.uint8Array({ minLength: 1, maxLength: 2_000 })

  test('gives back what was compressed', () => {
    fc.assert(
      fc.property(anyBytes, bytes => {
        for (const stored of COMPRESSED[codec](bytes))
          expect(Buffer.from(decompress(codec, stored, bytes.length)).equals(bytes)).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  test('refuses another length than the declared one', () => {
    fc.assert(
      fc.property(anyBytes, fc.integer({ min: 1, max: 1_000 }), (bytes, more) => {
        for (const stored of COMPRESSED[codec](bytes)) {
          expect(() => decompress(codec, stored, bytes.length + more)).toThrow()
          expect(() => decompress(codec, stored, bytes.length - Math.min(more, bytes.length))).toThrow()
        }
      }),
      { numRuns: 50 },
    )
  })

  test('ends on any bytes, with so many or an error', () => {
    fc.assert(
      fc.property(anyBytes, fc.nat({ max: 5_000 }), (stored, length) => {
        expect([length, 'an error']).toContain(lengthOrError(codec, stored, length))
      }),
      { numRuns: 200 },
    )
  })
})

describe('matches of LZ4', () => {
  test.each<[string, number[], string]>([
    ['that overlap what they make', [0x15, 0x61, 1, 0, 0x10, 0x62], `${'a'.repeat(10)}b`],
    ['of two bytes in turn', [0x20, 0x61, 0x62, 2, 0, 0x10, 0x63], 'abababc'],
    ['with a length of its own bytes', [0x1f, 0x61, 1, 0, 0xff, 3, 0x10, 0x62], `${'a'.repeat(1 + 15 + 255 + 3 + 4)}b`],
  ])('%s', (_, block, text) => {
    const output = decompress('LZ4_RAW', Uint8Array.from(block), text.length)
    expect(Buffer.from(output).toString()).toBe(text)
  })
})
