import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { countReader } from '../../src/ingestion/normalise/count.ts'

const MAX = 2n ** 53n - 1n

/** `numerator / denominator` rounded half up, in whole numbers only; NaN when it is no count. */
function halfUp(numerator: bigint, denominator: bigint): number {
  if (numerator < 0n) return Number.NaN
  const rounded = (2n * numerator + denominator) / (2n * denominator)
  return rounded > MAX ? Number.NaN : Number(rounded)
}

describe('floats', () => {
  const read = countReader({ kind: 'float' })

  test.each([
    [0, 0],
    [0.4, 0],
    [0.49999999999999994, 0],
    [0.5, 1],
    [1000.4999999999999, 1000],
    [1000.5, 1001],
    [1001.5, 1002],
    [3_384_958_273_645.5, 3_384_958_273_646],
    [2 ** 51 + 0.5, 2 ** 51 + 1],
    [2 ** 52 - 0.5, 2 ** 52],
    [2 ** 52, 2 ** 52],
    [2 ** 53 - 2, 2 ** 53 - 2],
    [2 ** 53 - 1, 2 ** 53 - 1],
    [5e-324, 0],
  ])('%p becomes %p', (value, expected) => expect(read(value)).toBe(expected))

  test('a negative zero is zero', () => expect(read(-0)).toBe(0))

  test.each([-0.3, -5e-324, -1, -1e300, 2 ** 53, 2 ** 53 + 2, 1e300, Number.MAX_VALUE, Infinity, -Infinity, NaN])(
    '%p is no count',
    value => expect(read(value)).toBeNaN(),
  )

  test.each([null, undefined, '1500', 1500n, new Uint8Array(8)])('%p is no float', cell => expect(read(cell)).toBeNaN())

  const anyDouble = fc.oneof(
    fc.double({ min: 0, max: 2 ** 54 }),
    fc.double({ min: 0, max: 1e6 }),
    fc.double(),
    fc
      .tuple(fc.maxSafeNat(), fc.integer({ min: -3, max: 3 }))
      .map(([whole, ulps]) => shifted(Math.floor(whole / 2) + 0.5, ulps)),
  )

  test('are rounded as their exact value is', () => {
    const property = fc.property(anyDouble, value => {
      const { numerator, denominator } = exactly(value)
      const expected = Number.isFinite(value) && value >= 0 ? halfUp(numerator, denominator) : Number.NaN
      expect(read(value)).toBe(expected)
    })
    fc.assert(property, { numRuns: 5000 })
  })

  test('half precision', () => {
    const half = countReader({ kind: 'float16' })
    const bits = (value: number) => half(Uint8Array.of(value & 0xff, value >> 8))
    expect(bits(0x63d1)).toBe(1001) // 1000.5
    expect(bits(0x63d0)).toBe(1000)
    expect(bits(0x7bff)).toBe(65_504)
    expect(bits(0x3800)).toBe(1) // 0.5
    expect(bits(0x37ff)).toBe(0) // the largest below 0.5
    expect(bits(0x0001)).toBe(0) // the smallest of all
    expect(bits(0x8000)).toBe(0) // negative zero
    for (const none of [0x7c00, 0xfc00, 0x7e00, 0x8001, 0xbc00]) expect(bits(none)).toBeNaN()
    expect(half(null)).toBeNaN()
  })
})

/** A finite double as a fraction, taken from its bits. */
function exactly(value: number): { numerator: bigint; denominator: bigint } {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const exponent = Number((bits >> 52n) & 0x7ffn)
  const mantissa = (bits & (2n ** 52n - 1n)) | (exponent === 0 ? 0n : 2n ** 52n)
  const power = BigInt(Math.max(exponent, 1) - 1075)
  return power < 0n
    ? { numerator: mantissa, denominator: 2n ** -power }
    : { numerator: mantissa * 2n ** power, denominator: 1n }
}

/** The double that many steps away. */
function shifted(value: number, ulps: number): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  view.setBigInt64(0, view.getBigInt64(0) + BigInt(ulps))
  return view.getFloat64(0)
}

describe('integers', () => {
  const read = countReader({ kind: 'integer', unsignedBits: null })

  test.each([
    [0, 0],
    [2_147_483_647, 2_147_483_647],
    [0n, 0],
    [MAX, Number(MAX)],
  ])('%p', (value, expected) => expect(read(value)).toBe(expected))

  test.each([-1, -1n, MAX + 1n, MAX + 2n, 2n ** 63n - 1n, -(2n ** 63n), null, undefined, '5'])('%p is no count', cell =>
    expect(read(cell)).toBeNaN(),
  )

  test('unsigned ones are stored as signed ones of the same bits', () => {
    expect(countReader({ kind: 'integer', unsignedBits: 32 })(-1)).toBe(4_294_967_295)
    expect(countReader({ kind: 'integer', unsignedBits: 64 })(-1n)).toBeNaN()
    expect(countReader({ kind: 'integer', unsignedBits: 64 })(MAX)).toBe(Number(MAX))
  })
})

describe('decimals', () => {
  const width = fc.integer({ min: 1, max: 17 })
  const scale = fc.integer({ min: 0, max: 38 })

  test('of any width are rounded on their digits', () => {
    const value = width.chain(bytes =>
      fc.record({
        bytes: fc.constant(bytes),
        unscaled: fc.bigInt({ min: -(2n ** BigInt(8 * bytes - 1)), max: 2n ** BigInt(8 * bytes - 1) - 1n }),
      }),
    )
    const property = fc.property(value, scale, ({ bytes, unscaled }, scale) => {
      const read = countReader({ kind: 'decimal', scale })
      const expected = halfUp(unscaled, 10n ** BigInt(scale))
      expect(read(twosComplement(unscaled, bytes))).toBe(expected)
      if (bytes <= 8) expect(read(unscaled)).toBe(expected)
      if (bytes <= 4) expect(read(Number(unscaled))).toBe(expected)
    })
    fc.assert(property, { numRuns: 2000 })
  })

  test('close to a half are not moved by floating point', () => {
    const property = fc.property(
      fc.bigInt({ min: 0n, max: MAX }),
      scale,
      fc.constantFrom(-1n, 0n, 1n),
      (n, s, near) => {
        const one = 10n ** BigInt(s)
        const unscaled = n * one + one / 2n + near
        expect(countReader({ kind: 'decimal', scale: s })(unscaled)).toBe(halfUp(unscaled, one))
      },
    )
    fc.assert(property, { numRuns: 2000 })
  })

  test('no bytes are a zero', () => {
    expect(countReader({ kind: 'decimal', scale: 2 })(new Uint8Array())).toBe(0)
  })

  test.each([null, undefined, '1'])('%p is no decimal', cell => {
    expect(countReader({ kind: 'decimal', scale: 2 })(cell)).toBeNaN()
  })
})

function twosComplement(value: bigint, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => Number((value >> BigInt(8 * (bytes - 1 - i))) & 0xffn))
}

describe('text', () => {
  const read = countReader({ kind: 'text' })

  test.each([
    ['0', 0],
    ['1200', 1200],
    ['1200.75', 1201],
    ['1200.5', 1201],
    ['1200.4999999999999999999999999999', 1200],
    ['007', 7],
    ['007.50', 8],
    ['-0', 0],
    ['-0.000', 0],
    ['-00', 0],
    ['9007199254740991', Number(MAX)],
    ['9007199254740991.4', Number(MAX)],
    ['9007199254740990.5', Number(MAX)],
    [`${'0'.repeat(500)}1`, 1],
    [`1.${'4'.repeat(500)}`, 1],
  ])('%s becomes %d', (form, expected) => expect(read(form)).toBe(expected))

  test.each([
    ...['', ' ', '-', '.', '-.5', '.5', '5.', '-5.', '5..5', '5.5.5', '+5', '--5', '- 5', ' 5', '5 ', '5\n', '\t5'],
    ...['1e3', '1E3', '1e-3', '0x10', '0b1', '1_000', '1,000', '1.000,5', "1'000", '1 000', '1\u00a0000', '5%', '5k'],
    ...['NaN', 'Infinity', 'null', 'true', '١٢', '１２', '½', '5\u0000', '\ufeff5'],
    ...['-1', '-0.3', '-0.0000000000000000000000000000001', '9007199254740992', '9007199254740991.5', '9'.repeat(400)],
  ])('%j is no count', form => expect(read(form)).toBeNaN())

  const someDigits = (minLength: number) =>
    fc.oneof(
      fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength: 18 }),
      fc.string({ unit: fc.constantFrom(...'00049995'), minLength, maxLength: 30 }),
    )

  test('is rounded on its digits', () => {
    const property = fc.property(
      fc.constantFrom('', '', '-'),
      someDigits(1),
      fc.option(someDigits(1), { nil: '' }),
      (minus, whole, fraction) => {
        const numerator = BigInt(whole + fraction) * (minus ? -1n : 1n)
        const written = `${minus}${whole}${fraction && `.${fraction}`}`
        expect(read(written)).toBe(halfUp(numerator, 10n ** BigInt(fraction.length)))
      },
    )
    fc.assert(property, { numRuns: 5000 })
  })

  test('of any other form is no count', () => {
    const anything = fc.string({ unit: fc.constantFrom(...'0159.-+eE, '), maxLength: 6 })
    const property = fc.property(anything, form => {
      const isPlain = /^-?[0-9]+(\.[0-9]+)?$/.test(form) && !/^-.*[1-9]/.test(form)
      expect(Number.isNaN(read(form))).toBe(!isPlain)
    })
    fc.assert(property, { numRuns: 3000 })
  })

  // What looks at each zero once for each other would take many minutes.
  test('a long run of zeros is read', () => {
    expect(read(`${'0'.repeat(1_000_000)}x`)).toBeNaN()
    expect(read(`-${'0'.repeat(1_000_000)}5`)).toBeNaN()
    expect(read(`${'0'.repeat(1_000_000)}5`)).toBe(5)
  })

  test.each([null, undefined, 5, 5n, new Uint8Array(1)])('%p is no text', cell => expect(read(cell)).toBeNaN())
})
