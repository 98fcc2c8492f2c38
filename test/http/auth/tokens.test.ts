import { readFileSync } from 'node:fs'
import { duplicateErrors, formatTokenEntry, parseTokenList } from '../../../src/http/auth/token-list.ts'
import { hashOf, newToken, type TokenEntry, TokenVerifier } from '../../../src/http/auth/tokens.ts'

const HASH = 'a'.repeat(64)
const ENTRY: TokenEntry = { name: 'ana', role: 'read', hash: HASH }

describe('a token list', () => {
  test.each([
    [`ana:read:${HASH}`],
    [` ana:read:${HASH.toUpperCase()} `],
    [`# the analysts\n\nana:read:${HASH} # she\n`],
    [`ana:read:${HASH},`],
    [`\r\nana:read:${HASH}\r\n`],
  ])('%j', text => expect(parseTokenList(text, 'T')).toEqual({ entries: [ENTRY], errors: [] }))

  test('has entries separated by line breaks or commas', () => {
    const text = `a:read:${HASH}, b:ingest:${HASH}\nc:admin:${HASH}`
    expect(parseTokenList(text, 'T').entries.map(({ name, role }) => `${name} ${role}`)).toEqual([
      'a read',
      'b ingest',
      'c admin',
    ])
  })

  test.each([
    ['x', 'T, the entry of x: an entry is name:role:hash, as npm run token prints it'],
    [`ana:read`, 'T, the entry of ana: an entry is name:role:hash, as npm run token prints it'],
    [`ana:read:${HASH}:x`, 'T, the entry of ana: an entry is name:role:hash, as npm run token prints it'],
    [`\n:read:${HASH}`, 'T, line 2: a name has 1 to 64 letters, digits, dots, underscores and hyphens'],
    [`a b:read:${HASH}`, 'T, line 1: a name has 1 to 64 letters, digits, dots, underscores and hyphens'],
    [`ana:write:${HASH}`, 'T, the entry of ana: a role is one of read, ingest, admin'],
    [`ana:read:${HASH}0`, 'T, the entry of ana: a hash is a SHA-256, 64 hex digits'],
    ['ana:read:agt_secret', 'T, the entry of ana: this is the token itself; the entry needs its hash'],
  ])('%j: %s', (text, error) => expect(parseTokenList(text, 'T')).toEqual({ entries: [], errors: [error] }))

  test('has errors that quote no secret', () => {
    for (const text of [
      'agt_secret',
      'ana:agt_secret',
      'ana:agt_secret:read',
      'ana:read:agt_secret',
      ':agt_secret:x',
    ]) {
      const { errors } = parseTokenList(text, 'T')
      expect(errors).toHaveLength(1)
      expect(errors[0]).not.toContain('secret')
    }
  })

  test('may not have the same name or token twice', () => {
    const other: TokenEntry = { ...ENTRY, name: 'bo', hash: 'b'.repeat(64) }
    expect(duplicateErrors([ENTRY, other])).toEqual([])
    expect(duplicateErrors([ENTRY, { ...other, name: 'ana' }])).toEqual(['Access tokens: the name ana is used twice'])
    expect(duplicateErrors([ENTRY, { ...other, hash: HASH }])).toEqual([
      'Access tokens: the token of bo has another name too',
    ])
  })

  test('has entries that parse as they are formatted', () => {
    expect(parseTokenList(formatTokenEntry(ENTRY), 'T').entries).toEqual([ENTRY])
  })
})

describe('tokens', () => {
  test('are 256 random bits', () => {
    const made = Array.from({ length: 1_000 }, newToken)
    expect(new Set(made).size).toBe(made.length)
    for (const token of made) {
      expect(token).toMatch(/^agt_[\w-]{43}$/)
      expect(Buffer.from(token.slice(4), 'base64url')).toHaveLength(32)
    }
  })

  const [mine, yours] = [newToken(), newToken()]
  const tokens = new TokenVerifier({
    anyone: null,
    tokens: [
      { name: 'ana', role: 'read', hash: hashOf(mine) },
      { name: 'cron', role: 'ingest', hash: hashOf(yours) },
    ],
  })

  test('identify the client', () => {
    expect(tokens.verify(`Bearer ${mine}`)).toEqual({ token: 'ana', role: 'read' })
    expect(tokens.verify(`Bearer ${yours}`)).toEqual({ token: 'cron', role: 'ingest' })
    expect(tokens.verify(undefined)).toEqual({ token: null, role: null })
  })

  test('are compared completely and in constant time', () => {
    const wrong = [`${mine}x`, mine.slice(0, -1), hashOf(mine), '', `${mine} ${yours}`]
    for (const token of wrong) expect(() => tokens.verify(`Bearer ${token}`)).toThrow('does not know this access token')
    const source = readFileSync(new URL('../../../src/http/auth/tokens.ts', import.meta.url), 'utf8')
    expect(source).toMatch(/timingSafeEqual\(/)
    // Neither compared as text, nor left at the first match.
    expect(source).not.toMatch(/hash\s*={2,3}|\.equals\(|\.includes\(|\.find\(|\bbreak\b/)
  })

  test('are ignored by a server without tokens', () => {
    const open = new TokenVerifier({ tokens: [], anyone: 'admin' })
    expect(open.verify('Bearer whatever')).toEqual({ token: null, role: 'admin' })
  })

  test('that are unknown are never treated as none', () => {
    const half = new TokenVerifier({ tokens: [ENTRY], anyone: 'read' })
    expect(half.verify(undefined)).toEqual({ token: null, role: 'read' })
    expect(() => half.verify('Bearer wrong')).toThrow('does not know this access token')
  })
})
