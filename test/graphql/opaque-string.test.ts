import fc from 'fast-check'
import { decodeOpaque, encodeOpaque } from '../../src/graphql/opaque-string.ts'

const values = fc.array(
  fc.oneof(fc.string({ unit: 'binary' }), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(null)),
)
const ALPHABET = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=. %']

describe('sealed text', () => {
  test('gives the values back, doubles to the last bit', () => {
    fc.assert(
      fc.property(values, given => {
        // JSON has one zero, and so have the orders that positions are of.
        expect(decodeOpaque(encodeOpaque(given))).toEqual(given.map(value => (value === 0 ? 0 : value)))
      }),
    )
  })

  test('stands in a URL as it is', () => {
    fc.assert(fc.property(values, given => expect(encodeOpaque(given)).toMatch(/^[\w-]+$/)))
  })

  test('is refused after any change of one character', () => {
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

  test('is refused after each possible change of one character', () => {
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
    'not sealed at all',
    '𝄞',
    encodeOpaque([]).slice(0, -1),
    `${encodeOpaque([])}=`,
    ` ${encodeOpaque([])}`,
  ])('refuses %j', text => expect(decodeOpaque(text)).toBeUndefined())
})
