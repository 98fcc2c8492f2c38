import fc from 'fast-check'
import { tidyCategory } from '../../src/domain/account.ts'
import { collapseWhiteSpace } from '../../src/domain/white-space.ts'

const plainly = (text: string) => text.trim().replace(/\s+/g, ' ')
const SPACES = Array.from({ length: 2 ** 16 }, (_, unit) => String.fromCharCode(unit)).filter(unit => /\s/.test(unit))

test('every UTF-16 unit is judged as the regular expression judges it', () => {
  for (let unit = 0; unit < 2 ** 16; unit++) {
    const text = `a${String.fromCharCode(unit)}b`
    if (collapseWhiteSpace(text) !== plainly(text)) throw new Error(`${unit.toString(16)} is judged wrong`)
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

test('any text is collapsed as the regular expression does it', () => {
  fc.assert(fc.property(texts, text => expect(collapseWhiteSpace(text)).toBe(plainly(text))))
  fc.assert(fc.property(texts, text => expect(tidyCategory(text)).toBe(plainly(text).normalize('NFC'))))
})

test('of a longer one there is the beginning, and enough of it to see that it is longer', () => {
  const property = fc.property(texts, fc.integer({ min: 1, max: 20 }), (text, most) => {
    const [whole, bounded] = [plainly(text), collapseWhiteSpace(text, most)]
    if (whole.length <= most) expect(bounded).toBe(whole)
    else expect([whole.startsWith(bounded), bounded.length > most]).toEqual([true, true])
  })
  fc.assert(property)
})
