import { ROLES, type Role } from '../../domain/access.ts'
import { TOKEN_PREFIX, type TokenEntry } from './tokens.ts'

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
const HASH = /^[0-9a-f]{64}$/

/** The entry of the configuration for a token. */
export function entryText({ name, role, hash }: TokenEntry): string {
  return `${name}:${role}:${hash}`
}

/** What is wrong with a name of a token, if something is. */
export function nameFault(name: string): string | undefined {
  return NAME.test(name) && !name.startsWith(TOKEN_PREFIX)
    ? undefined
    : 'a name has 1 to 64 letters, digits, dots, underscores and hyphens'
}

export function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text)
}

export interface ReadEntries {
  readonly entries: readonly TokenEntry[]
  /** One sentence each. None of them repeats what may be a secret. */
  readonly faults: readonly string[]
}

/**
 * Reads entries of the form `name:role:hash`, one a line or apart by commas; `#` begins a comment.
 *
 * @param source what the faults call it
 */
export function readEntries(text: string, source: string): ReadEntries {
  const entries: TokenEntry[] = []
  const faults: string[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    for (const part of line.replace(/#.*/, '').split(',')) {
      if (part.trim() === '') continue
      const [name = '', role = '', hash = '', ...rest] = part.trim().split(':')
      const fault = faultOf(name, role, hash, rest.length)
      const place = nameFault(name) ? `${source}, line ${index + 1}` : `${source}, the entry of ${name}`
      if (fault !== undefined) faults.push(`${place}: ${fault}`)
      else entries.push({ name, role: role as Role, hash: hash.toLowerCase() })
    }
  }
  return { entries, faults }
}

function faultOf(name: string, role: string, hash: string, rest: number): string | undefined {
  if (rest > 0 || role === '' || hash === '') return 'an entry is name:role:hash, as npm run token prints it'
  if (hash.startsWith(TOKEN_PREFIX)) return 'this is the token itself; the entry needs its hash'
  const fault = nameFault(name)
  if (fault !== undefined) return fault
  if (!isRole(role)) return `a role is one of ${ROLES.join(', ')}`
  return HASH.test(hash.toLowerCase()) ? undefined : 'a hash is a SHA-256, 64 hex digits'
}

/** What is wrong with entries beside each other. */
export function doubles(entries: readonly TokenEntry[]): string[] {
  const twice = (key: 'name' | 'hash') => {
    const seen = new Set<string>()
    return entries.filter(entry => seen.size === seen.add(entry[key]).size)
  }
  const names = twice('name').map(({ name }) => `Access tokens: the name ${name} is used twice`)
  const hashes = twice('hash').map(({ name }) => `Access tokens: the token of ${name} is there under another name too`)
  return [...names, ...hashes]
}
