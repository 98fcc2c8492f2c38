import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { ByteWriter } from 'hyparquet-writer'
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js'
import { MAX_BIT_WIDTH, readHybrid } from '../../src/parquet/hybrid.ts'

/** Values of one width, with runs long enough to be written as such. */
const anyValues = fc.integer({ min: 1, max: MAX_BIT_WIDTH }).chain(width =>
  fc.record({
    width: fc.constant(width),
    values: fc
      .array(fc.record({ value: fc.nat({ max: 2 ** width - 1 }), times: fc.constantFrom(1, 1, 2, 8, 9, 300) }))
      .map(runs => runs.flatMap(({ value, times }) => new Array<number>(times).fill(value))),
  }),
)

function encoded(values: number[], width: number): Uint8Array {
  const writer = new ByteWriter()
  writeRleBitPackedHybrid(writer, values, width)
  return new Uint8Array(writer.getBuffer())
}

function decoded(bytes: Uint8Array, width: number, count: number): number[] {
  const out = new Uint32Array(count)
  readHybrid(bytes, width, out)
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
