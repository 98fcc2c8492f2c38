import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { ByteWriter } from 'hyparquet-writer'
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js'
import { MAX_BIT_WIDTH, readHybrid } from '../../src/parquet/hybrid.ts'

/** Values of one width, with runs long enough to be written as such. */
const anyValues = fc.integer({ min: 1, max: 24 }).chain(width =>
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

test('indices of up to 32 bits are read, also where the last packed group is cut short', () => {
  const wide = fc.integer({ min: 25, max: MAX_BIT_WIDTH }).chain(width =>
    fc.record({
      width: fc.constant(width),
      values: fc.array(fc.bigInt({ min: 0n, max: 2n ** BigInt(width) - 1n }), { minLength: 1, maxLength: 30 }),
    }),
  )
  const property = fc.property(wide, ({ width, values }) => {
    const packed = values.reduce((all, value, i) => all | (value << BigInt(i * width)), 0n)
    const bytes = Array.from({ length: Math.ceil((values.length * width) / 8) }, (_, i) =>
      Number((packed >> BigInt(8 * i)) & 0xffn),
    )
    const groups = Math.ceil(values.length / 8)
    expect(decoded(Uint8Array.from([groups * 2 + 1, ...bytes]), width, values.length)).toEqual(values.map(Number))
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
  ['no bytes', [], 1],
  ['a header without an end', [0x80, 0x80, 0x80, 0x80, 0x80, 0x01], 1],
  ['a run without its value', [2], 1],
  ['packed bits that are not there', [0x03], 1],
  ['runs of nothing only', [0, 0, 0, 0], 1],
  ['a value of more bits', [2, 2], 1],
])('%s is an error', (_, bytes, count) => {
  expect(() => decoded(Uint8Array.from(bytes), 1, count)).toThrow(RangeError)
})

test('a run that goes on after the last value is reported and not read', () => {
  const out = new Uint32Array(9)
  expect(readHybrid(Uint8Array.of(20, 1), 1, out)).toBe(true)
  expect([...out]).toEqual(new Array(9).fill(1))
  expect(readHybrid(Uint8Array.of(18, 1), 1, out)).toBe(false)
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
