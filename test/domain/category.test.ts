import fc from 'fast-check'
import {
  collapseWhiteSpace,
  foldCategory,
  MAX_CATEGORY_CODE_POINTS,
  normalizeCategory,
} from '../../src/domain/category.ts'

const lengthOf = (text: string) => [...text].length

test('no code point decomposes into more than four code points, or into fewer once it is lower case', () => {
  const wrong: string[] = []
  for (let code = 0; code <= 0x10ffff; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue
    const name = String.fromCodePoint(code)
    const [whole, lower] = [name, name.toLowerCase()].map(text => lengthOf(text.normalize('NFD')))
    if (lower! < whole! || lower! > 4) wrong.push(code.toString(16))
  }
  expect(wrong).toEqual([])
})

const codePoint = fc.oneof(
  fc.constantFrom('a', 'İ', 'ΐ', 'ᾇ', 'Å', 'ﬁ', 'ẛ̣', 'Σ', '𝅘𝅥𝅮', '한', '\u0301', '\u0323', '\u0345', '😀'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
)
const name = fc.string({ unit: codePoint, maxLength: 150 })

test('normalizes a name of at most 100 code points without truncating it, whatever its Unicode form', () => {
  const property = fc.property(name, fc.constantFrom('NFC', 'NFD'), (text, form) => {
    const whole = (spelling: string) => spelling.trim().replaceAll(/\s+/g, ' ').normalize('NFC')
    const spelling = text.normalize(form)
    fc.pre(lengthOf(whole(spelling)) <= MAX_CATEGORY_CODE_POINTS)
    expect(normalizeCategory(spelling)).toBe(whole(spelling))
    expect(foldCategory(spelling)).toBe(whole(spelling).toLowerCase().normalize('NFC'))
  })
  fc.assert(property, { numRuns: 2_000 })
})

test('truncates a name that is far too long to one that is still too long and equals no shorter name', () => {
  const property = fc.property(name, fc.nat(5_000), (text, more) => {
    const tooLong = normalizeCategory(text + '\u0301\u0323'.repeat(300 + more))
    expect(lengthOf(tooLong)).toBeGreaterThan(MAX_CATEGORY_CODE_POINTS)
    expect(tooLong.length).toBeLessThan(2_000)
    expect(foldCategory(tooLong)).not.toBe(foldCategory(normalizeCategory(text)))
  })
  fc.assert(property, { numRuns: 200 })
})

const byRegularExpression = (text: string) => text.trim().replace(/\s+/g, ' ')
const SPACES = Array.from({ length: 2 ** 16 }, (_, unit) => String.fromCharCode(unit)).filter(unit => /\s/.test(unit))

test('treats the same UTF-16 units as white space as the regular expression does', () => {
  for (let unit = 0; unit < 2 ** 16; unit++) {
    const text = `a${String.fromCharCode(unit)}b`
    if (collapseWhiteSpace(text) !== byRegularExpression(text))
      throw new Error(`${unit.toString(16)} is classified differently`)
  }
  expect(SPACES.length).toBeGreaterThan(20)
})

const texts = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...SPACES, ' '),
    fc.constantFrom('a', 'é', 'e\u0301', '\u{1F600}', '\ud800', '\udc00'),
  ),
  maxLength: 40,
})

test('collapses any text as the regular expression does', () => {
  fc.assert(fc.property(texts, text => expect(collapseWhiteSpace(text)).toBe(byRegularExpression(text))))
  fc.assert(
    fc.property(texts, text => expect(normalizeCategory(text)).toBe(byRegularExpression(text).normalize('NFC'))),
  )
})

test('stops after maxUnits with a prefix that is longer than maxUnits', () => {
  const property = fc.property(texts, fc.integer({ min: 1, max: 20 }), (text, most) => {
    const whole = byRegularExpression(text)
    const bounded = collapseWhiteSpace(text, most)
    if (whole.length <= most) expect(bounded).toBe(whole)
    else expect([whole.startsWith(bounded), bounded.length > most]).toEqual([true, true])
  })
  fc.assert(property)
})
