import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { accountIdReader } from '../../src/ingestion/normalise/account-id.ts'

const ID = '0a1b2c3d-4e5f-4a6b-8c7d-9e0fa1b2c3d4'
const read = accountIdReader({ kind: 'text' })
/** Every character that JavaScript's \s matches. */
const WHITE =
  '\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff'

describe('text', () => {
  test.each([ID, ID.toUpperCase(), `{${ID}}`, `  {${ID.toUpperCase()}}\n`, `${WHITE}${ID}${WHITE}`])(
    '%j is taken',
    form => expect(read(form)).toBe(ID),
  )

  test.each(['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'])(
    '%s is taken: versions are not checked',
    form => expect(read(form)).toBe(form),
  )

  test.each([
    '',
    ' ',
    '{}',
    `{${ID}`,
    `${ID}}`,
    `}${ID}{`,
    `{{${ID}}}`,
    `{ ${ID} }`,
    `(${ID})`,
    `"${ID}"`,
    `urn:uuid:${ID}`,
    ID.replaceAll('-', ''),
    ID.replaceAll('-', '\u2010'),
    ID.replace('-', ''),
    `${ID}0`,
    ID.slice(1),
    ID.replace('a', 'g'),
    ID.replace('0', 'O'),
    ID.replace('0', '٠'),
    ID.replace('a', 'ａ'),
    `${ID} ${ID}`,
    `${ID}\u0000`,
    `\u200b${ID}`,
    '0a1b2c3d4-e5f-4a6b-8c7d-9e0fa1b2c3d4',
  ])('%j is refused', form => expect(read(form)).toBeUndefined())

  test.each([null, undefined, 5, 5n, Buffer.from(ID)])('%p is no text', cell => expect(read(cell)).toBeUndefined())

  test('case, white space around and one pair of braces make no difference', () => {
    const space = fc.string({ unit: fc.constantFrom(...WHITE), maxLength: 3 })
    const upper = fc.array(fc.boolean(), { minLength: 36, maxLength: 36 })
    const property = fc.property(fc.uuid(), upper, space, space, fc.boolean(), (id, upper, before, after, braces) => {
      const written = [...id].map((letter, i) => (upper[i] ? letter.toUpperCase() : letter)).join('')
      expect(read(before + (braces ? `{${written}}` : written) + after)).toBe(id)
    })
    fc.assert(property, { numRuns: 1000 })
  })
})

describe('UUID', () => {
  const fromBytes = accountIdReader({ kind: 'uuid' })

  test('16 bytes are written in the canonical form', () => {
    const property = fc.property(fc.uuid(), id => {
      const bytes = Uint8Array.from(Buffer.from(`ff${id.replaceAll('-', '')}ff`, 'hex'))
      expect(fromBytes(bytes.subarray(1, 17))).toBe(id)
    })
    fc.assert(property)
  })

  test.each([null, undefined, ID, new Uint8Array(15), new Uint8Array(17)])('%p is none', cell => {
    expect(fromBytes(cell)).toBeUndefined()
  })
})
