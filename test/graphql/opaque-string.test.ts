import fc from 'fast-check'
import { decodeOpaque, encodeOpaque } from '../../src/graphql/opaque-string.ts'

const values = fc.array(
  fc.oneof(fc.string({ unit: 'binary' }), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(null)),
)
const ALPHABET = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=. %']

describe('an opaque string', () => {
  test('decodes to the exact values', () => {
    fc.assert(
      fc.property(values, given => {
        // JSON has no negative zero, and sort orders do not distinguish it.
        expect(decodeOpaque(encodeOpaque(given))).toEqual(given.map(value => (value === 0 ? 0 : value)))
      }),
    )
  })

  test('needs no escaping in a URL', () => {
    fc.assert(fc.property(values, given => expect(encodeOpaque(given)).toMatch(/^[\w-]+$/)))
  })

  test('does not decode after any one-character change', () => {
    const position = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(values, position, fc.constantFrom(...ALPHABET), (given, at, character) => {
        const text = encodeOpaque(given)
        const index = Math.floor(at * text.length)
        fc.pre(text[index] !== character)
        expect(decodeOpaque(text.slice(0, index) + character + text.slice(index + 1))).toBeUndefined()
        expect(decodeOpaque(text.slice(0, index) + text.slice(index + 1))).toBeUndefined()
        expect(decodeOpaque(text.slice(0, index) + character + text.slice(index))).toBeUndefined()
      }),
      { numRuns: 2000 },
    )
  })

  test('does not decode after each possible one-character change', () => {
    const text = encodeOpaque(['accounts', 12.5, '0f8fad5b-d9cb-469f-a165-70867728950e'])
    for (let index = 0; index < text.length; index++) {
      for (const character of ALPHABET.filter(other => other !== text[index])) {
        expect(decodeOpaque(text.slice(0, index) + character + text.slice(index + 1))).toBeUndefined()
      }
    }
  })

  test.each([
    '',
    'A',
    'AAAA',
    'AAAAAA',
    'not an opaque string',
    '𝄞',
    encodeOpaque([]).slice(0, -1),
    `${encodeOpaque([])}=`,
    ` ${encodeOpaque([])}`,
  ])('does not decode %j', text => expect(decodeOpaque(text)).toBeUndefined())
})
