/** A name is cut where it is far too long, and that changes nothing but the time that it takes. */
import fc from 'fast-check'
import { foldCategory, MAX_CATEGORY_CODE_POINTS, tidyCategory } from '../../src/domain/account.ts'

const lengthOf = (text: string) => [...text].length

test('no code point decomposes into more than four, or into fewer as lower case', () => {
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

test('whatever is short enough is taken whole, in any spelling', () => {
  const property = fc.property(name, fc.constantFrom('NFC', 'NFD'), (text, form) => {
    const whole = (spelling: string) => spelling.trim().replaceAll(/\s+/g, ' ').normalize('NFC')
    const spelling = text.normalize(form)
    fc.pre(lengthOf(whole(spelling)) <= MAX_CATEGORY_CODE_POINTS)
    expect(tidyCategory(spelling)).toBe(whole(spelling))
    expect(foldCategory(spelling)).toBe(whole(spelling).toLowerCase().normalize('NFC'))
  })
  fc.assert(property, { numRuns: 2_000 })
})

test('what is too long stays too long, and is no other spelling of what is short enough', () => {
  const property = fc.property(name, fc.nat(5_000), (text, more) => {
    const tooLong = tidyCategory(text + '\u0301\u0323'.repeat(300 + more))
    expect(lengthOf(tooLong)).toBeGreaterThan(MAX_CATEGORY_CODE_POINTS)
    expect(tooLong.length).toBeLessThan(2_000)
    expect(foldCategory(tooLong)).not.toBe(foldCategory(tidyCategory(text)))
  })
  fc.assert(property, { numRuns: 200 })
})
