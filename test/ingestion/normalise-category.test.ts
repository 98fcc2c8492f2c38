import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { foldCategory } from '../../src/domain/category.ts'
import { categoriesReader } from '../../src/ingestion/normalise/category.ts'
import { InvalidText } from '../../src/parquet/text.ts'
import { categoriesOf } from '../support/oracle/normalise.ts'

const text = categoriesReader({ kind: 'text' })
const list = categoriesReader({ kind: 'list' })
const GRIN = '\u{1F600}'
const numbered = (parts: number) => Array.from({ length: parts }, (_, i) => `c${i}`)

describe('text', () => {
  test.each<[string | null | undefined, string[]]>([
    [null, []],
    [undefined, []],
    ['', []],
    [' ;; \t;\u00a0', []],
    ['Gaming', ['Gaming']],
    ['Podcast;Gaming', ['Podcast', 'Gaming']],
    [' Podcast ; Gaming;', ['Podcast', 'Gaming']],
    ['Gaming;GAMING; gaming ;Podcast', ['Gaming', 'Podcast']],
    ['Two  \t\n\u00a0\u3000 words', ['Two words']],
    ['a\r\nb', ['a b']],
    ['Gaming,Podcast|x', ['Gaming,Podcast|x']],
    ['Cafe\u0301;CAFÉ', ['Café']],
    ['CAFE\u0301', ['CAFÉ']],
    ['Straße;Strasse;STRASSE', ['Straße', 'Strasse']],
    ['İ;i\u0307', ['İ']],
    ['J\u030c;ǰ', ['J\u030c']],
    ['ΟΔΟΣ;οδος', ['ΟΔΟΣ']],
    ['I;ı;i', ['I', 'ı']],
    ['\u212a;k', ['K']],
    ['a\u200bb;ab', ['a\u200bb', 'ab']],
  ])('%j', (cell, expected) => expect(text(cell)).toEqual(expected))

  test.each([
    ['a\u0000b'],
    ['Gaming;a\u0007'],
    ['\u001b[31mred'],
    ['a\u007fb'],
    ['a\u0085b'],
    ['\u009f'],
    ['x'.repeat(101)],
    [GRIN.repeat(101)],
    ['x'.repeat(1_000_000)],
    [numbered(101).join(';')],
  ])('%.30j is refused', cell => expect(text(cell)).toBeUndefined())

  test('a part has at most 100 code points, counted after it was tidied', () => {
    for (const longest of ['x'.repeat(100), GRIN.repeat(100), `${GRIN.repeat(99)}x`, `${'é'.repeat(100)}`]) {
      expect(text(longest)).toEqual([longest])
      expect(text(`${longest}x`)).toBeUndefined()
    }
    expect(text('e\u0301'.repeat(100))).toEqual(['é'.repeat(100)])
    expect(text(`${' '.repeat(500)}a${' '.repeat(500)}b`)).toEqual(['a b'])
  })

  test('at most 100 parts are left, empty ones and repetitions not counted', () => {
    const most = numbered(100)
    expect(text(most.join(';'))).toEqual(most)
    expect(text([...most, '', ' ', 'C7', 'c99'].join(';'))).toEqual(most)
    expect(text([...most, 'one more'].join(';'))).toBeUndefined()
  })

  test('a repetition is dropped before it is judged', () => {
    expect(text(`${'İ'.repeat(60)};${'i\u0307'.repeat(60)}`)).toEqual(['İ'.repeat(60)])
  })

  test.each([5, 5n, true, new InvalidText(Uint8Array.of(0xff)), ['Gaming']])('%p is no text', cell => {
    expect(text(cell)).toBeUndefined()
  })
})

describe('LIST', () => {
  test.each<[unknown, string[]]>([
    [null, []],
    [undefined, []],
    [[], []],
    [[null, '', ' ', null], []],
    [
      ['Podcast', null, 'Gaming', 'podcast'],
      ['Podcast', 'Gaming'],
    ],
    [
      ['a;b', ' c ; d '],
      ['a;b', 'c ; d'],
    ],
    [numbered(100), numbered(100)],
  ])('%.60j', (cell, expected) => expect(list(cell)).toEqual(expected))

  test.each([
    [['Gaming', new InvalidText(Uint8Array.of(0xff))]],
    [['Gaming', 5]],
    [['Gaming', ['Podcast']]],
    [['a\u0000b']],
    [['x'.repeat(101)]],
    [numbered(101)],
    ['Gaming'],
    [5],
  ])('%.60p is refused', cell => expect(list(cell)).toBeUndefined())
})

describe('hostile text', () => {
  const MANY = 2 ** 17

  test.each<[string, () => string, string[] | undefined]>([
    ['one word', () => 'x'.repeat(64 * MANY), undefined],
    ['one word after another', () => 'a '.repeat(32 * MANY), undefined],
    ['blanks', () => ' '.repeat(64 * MANY), []],
    ['blanks between two words', () => `a${' '.repeat(64 * MANY)}b`, ['a b']],
    ['wide blanks', () => `ж${'\u3000'.repeat(32 * MANY)}ж`, ['ж ж']],
    ['marks over one letter', () => `a${'\u0301'.repeat(32 * MANY)}`, undefined],
    ['halves of characters', () => '\ud800'.repeat(32 * MANY), undefined],
    ['nothing but separators', () => ';'.repeat(16 * MANY), []],
    ['the same again and again', () => 'ab;AB;'.repeat(4 * MANY), ['ab']],
    ['always another', () => Array.from({ length: MANY }, (_, n) => n).join(';'), undefined],
    ['letters that become one', () => 'e\u0301'.repeat(100) + ' '.repeat(MANY), ['é'.repeat(100)]],
  ])('%s without end', (_, cell, expected) => {
    // Not a test of speed: what takes quadratic time would take hours.
    expect(text(cell())).toEqual(expected)
  })

  test('another spelling of a name is known, however long it is spelt', () => {
    const name = 'ΐ'.repeat(100)
    for (const spelling of [name.normalize('NFD'), name.toUpperCase(), name.toUpperCase().normalize('NFD')]) {
      expect(text(`${name};${spelling}`)).toEqual(foldCategory(spelling) === name ? [name] : undefined)
    }
    const dotted = 'İ'.repeat(100)
    expect(text(`${dotted};${'i\u0307'.repeat(100)}`)).toEqual([dotted])
  })

  test('a list of as much', () => {
    expect(list(Array.from({ length: MANY }, () => 'ab'))).toEqual(['ab'])
    expect(list(['x'.repeat(64 * MANY)])).toBeUndefined()
  })
})

describe('any text', () => {
  const part = fc.string({
    unit: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...'aAbBéÉßİıΣσςK ', 'e', '\u0301', '\u0307', '\t', '\u00a0', '\u2028') },
      { weight: 1, arbitrary: fc.constantFrom('\u0000', '\u0085', '\u037e', GRIN, '\u{10400}', '\u{10428}') },
    ),
    maxLength: 8,
  })
  const parts = fc.array(part, { maxLength: 8 })

  test('is read as the plain rules read it', () => {
    const property = fc.property(parts, parts => {
      expect(text(parts.join(';'))).toEqual(categoriesOf(parts.join(';')))
      expect(list(parts)).toEqual(categoriesOf(parts))
    })
    fc.assert(property, { numRuns: 3000 })
  })

  test('gives tidy, distinct names that are read again as they are', () => {
    const property = fc.property(parts, parts => {
      const names = text(parts.join(';')) ?? []
      expect(list(names)).toEqual(names)
      expect(new Set(names.map(foldCategory)).size).toBe(names.length)
      for (const name of names) {
        expect(name).toBe(name.normalize('NFC').trim())
        expect(name).not.toMatch(/\s\s|[\t\n\r\u00a0\u2028]|^$/)
      }
    })
    fc.assert(property, { numRuns: 1000 })
  })
})
