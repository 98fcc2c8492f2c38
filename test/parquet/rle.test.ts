import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { ByteWriter } from 'hyparquet-writer'
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js'
import { MAX_BIT_WIDTH, readRleBitPacked } from '../../src/parquet/rle.ts'

/** Values of one width, with runs long enough to be written as such. */
const anyValues = fc.integer({ min: 1, max: MAX_BIT_WIDTH }).chain(width =>
  fc.record({
    width: fc.constant(width),
    values: fc
      .array(fc.record({ value: fc.nat({ max: 2 ** width - 1 }), times: fc.constantFrom(1, 1, 2, 8, 9, 300) }))
      .map(runs => runs.flatMap(({ value, times }) => new Array<number>(times).fill(value))),
  }),
)

/** The writer packs wider values wrongly. */
const MAX_WRITER_WIDTH = 24

function encoded(values: number[], width: number): Uint8Array {
  if (width > MAX_WRITER_WIDTH) return packed(values, width)
  const writer = new ByteWriter()
  writeRleBitPackedHybrid(writer, values, width)
  return new Uint8Array(writer.getBuffer())
}

/** One bit-packed run. The last group ends with its last value, as fastparquet ends it. */
function packed(values: number[], width: number): Uint8Array {
  const bits = values.reduce((sum, value, i) => sum | (BigInt(value) << BigInt(i * width)), 0n)
  const bytes = Array.from({ length: Math.ceil((values.length * width) / 8) }, (_, i) =>
    Number((bits >> BigInt(8 * i)) & 0xffn),
  )
  return Uint8Array.from([...header(Math.ceil(values.length / 8) * 2 + 1), ...bytes])
}

function header(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...header(value >>> 7)]
}

function decoded(bytes: Uint8Array, width: number, count: number): number[] {
  const out = new Uint32Array(count)
  readRleBitPacked(bytes, width, out)
  return [...out]
}

test('runs and packed bits of any width are read back', () => {
  const property = fc.property(anyValues, ({ width, values }) => {
    expect(decoded(encoded(values, width), width, values.length)).toEqual(values)
  })
  fc.assert(property)
})

test('what is cut short is not read', () => {
  const property = fc.property(anyValues, fc.nat(), ({ width, values }, cut) => {
    fc.pre(values.length > 0)
    const bytes = encoded(values, width)
    const shorter = bytes.subarray(0, cut % bytes.length)
    const read = () => decoded(shorter, width, values.length)
    // Of the last packed bits some belong to no value, and need not be there.
    try {
      expect(read()).toEqual(values)
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError)
    }
  })
  fc.assert(property)
})

test.each([
  ['16 bits', 16, [0x03, 0x39, 0x30, 0xff, 0xff], [12345, 65535]],
  ['32 bits', 32, [0x03, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff], [1, 2 ** 32 - 1]],
])('a bit-packed group of %s may end with its last value', (_, width, bytes, values) => {
  expect(decoded(Uint8Array.from(bytes), width, values.length)).toEqual(values)
})

test('a run of 32 bits has unsigned values', () => {
  expect(decoded(Uint8Array.of(4, 0xfe, 0xff, 0xff, 0xff), 32, 2)).toEqual([2 ** 32 - 2, 2 ** 32 - 2])
})

test('a run that goes on past the last value is reported where that is allowed', () => {
  const out = new Uint8Array(3)
  let overruns = 0
  readRleBitPacked(Uint8Array.of(20, 1), 1, out, () => overruns++)
  expect([...out]).toEqual([1, 1, 1])
  expect(overruns).toBe(1)
})

test('the length of what was decoded is returned', () => {
  expect(readRleBitPacked(Uint8Array.of(6, 1, 9, 9), 1, new Uint8Array(3))).toBe(2)
  // A bit-packed group is padded to eight values.
  expect(readRleBitPacked(Uint8Array.of(3, 1, 2, 3, 0, 0, 0, 0, 0, 9), 8, new Uint8Array(3))).toBe(9)
})

test.each([
  ['a run longer than what is wanted', [20, 1], 9],
  ['no bytes', [], 1],
  ['a header without an end', [0x80, 0x80, 0x80, 0x80, 0x80, 0x01], 1],
  ['a run without its value', [2], 1],
  ['packed bits that are not there', [0x03], 1],
  ['runs of nothing only', [0, 0, 0, 0], 1],
  ['a value of more bits', [2, 2], 1],
])('%s is an error', (_, bytes, count) => {
  expect(() => decoded(Uint8Array.from(bytes), 1, count)).toThrow(RangeError)
})

test('any bytes are values or an error', () => {
  const property = fc.property(fc.uint8Array(), fc.integer({ min: 1, max: MAX_BIT_WIDTH }), (bytes, width) => {
    try {
      for (const value of decoded(bytes, width, 50)) expect(value).toBeLessThan(2 ** width)
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError)
    }
  })
  fc.assert(property)
})
