import { ROLES, type Role } from '../../domain/access.ts'
import { TOKEN_PREFIX, type TokenEntry } from './tokens.ts'

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
const HASH = /^[0-9a-f]{64}$/

/** Returns an entry as the configuration has it: `name:role:hash`. */
export function formatTokenEntry({ name, role, hash }: TokenEntry): string {
  return `${name}:${role}:${hash}`
}

/** Returns what is wrong with the name of a token; undefined if it is valid. */
export function tokenNameError(name: string): string | undefined {
  return NAME.test(name) && !name.startsWith(TOKEN_PREFIX)
    ? undefined
    : 'a name has 1 to 64 letters, digits, dots, underscores and hyphens'
}

export function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text)
}

export interface TokenList {
  readonly entries: readonly TokenEntry[]
  /** One sentence each. None of them quotes text that may be a secret. */
  readonly errors: readonly string[]
}

/**
 * Parses entries of the form `name:role:hash`, separated by line breaks or commas. `#` starts a comment.
 *
 * @param source the name of the setting or file, for the error messages
 */
export function parseTokenList(text: string, source: string): TokenList {
  const entries: TokenEntry[] = []
  const errors: string[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    for (const part of line.replace(/#.*/, '').split(',')) {
      if (part.trim() === '') continue
      const [name = '', role = '', hash = '', ...rest] = part.trim().split(':')
      const error = entryError(name, role, hash, rest.length)
      const place = tokenNameError(name) ? `${source}, line ${index + 1}` : `${source}, the entry of ${name}`
      if (error !== undefined) errors.push(`${place}: ${error}`)
      else entries.push({ name, role: role as Role, hash: hash.toLowerCase() })
    }
  }
  return { entries, errors }
}

function entryError(name: string, role: string, hash: string, rest: number): string | undefined {
  if (rest > 0 || role === '' || hash === '') return 'an entry is name:role:hash, as npm run token prints it'
  if (hash.startsWith(TOKEN_PREFIX)) return 'this is the token itself; the entry needs its hash'
  const nameError = tokenNameError(name)
  if (nameError !== undefined) return nameError
  if (!isRole(role)) return `a role is one of ${ROLES.join(', ')}`
  return HASH.test(hash.toLowerCase()) ? undefined : 'a hash is a SHA-256, 64 hex digits'
}

/** Returns a sentence for each name and each token that occurs twice. */
export function duplicateErrors(entries: readonly TokenEntry[]): string[] {
  const duplicatesBy = (key: 'name' | 'hash') => {
    const seen = new Set<string>()
    return entries.filter(entry => seen.size === seen.add(entry[key]).size)
  }
  const names = duplicatesBy('name').map(({ name }) => `Access tokens: the name ${name} is used twice`)
  const hashes = duplicatesBy('hash').map(({ name }) => `Access tokens: the token of ${name} has another name too`)
  return [...names, ...hashes]
}
