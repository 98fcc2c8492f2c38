import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Caller, type Role, unknownTokenError } from '../../domain/access.ts'

/** An access token as the server knows it. docs/adr/0009-access.md says why a plain SHA-256 is enough. */
export interface TokenEntry {
  readonly name: string
  readonly role: Role
  /** SHA-256 of the token, in hex. */
  readonly hash: string
}

/** By this, programs that look for secrets in the wrong places know one. */
export const TOKEN_PREFIX = 'agt_'
const TOKEN_BYTES = 32

export function newToken(): string {
  return TOKEN_PREFIX + randomBytes(TOKEN_BYTES).toString('base64url')
}

export function hashOf(token: string): string {
  return digest(token).toString('hex')
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

export interface AccessRules {
  readonly tokens: readonly TokenEntry[]
  /** What anyone may do without a token; null for nothing. */
  readonly anyone: Role | null
}

/** Tells callers by their tokens. */
export class Tokens {
  /** Whoever has no token. */
  readonly anyone: Caller
  readonly #entries: readonly { readonly hash: Buffer; readonly caller: Caller }[]

  constructor({ tokens, anyone }: AccessRules) {
    this.anyone = { token: null, role: anyone }
    this.#entries = tokens.map(({ name, role, hash }) => ({
      hash: Buffer.from(hash, 'hex'),
      caller: { token: name, role },
    }))
  }

  /**
   * Takes the same time whichever token it is, and whether or not there is one like it. A server without tokens does
   * not look at the header; one that has some never takes a wrong token for none.
   *
   * @param authorization the header, or what stands for it
   * @throws AppError UNAUTHENTICATED
   */
  identify(authorization: string | undefined): Caller {
    if (authorization === undefined || this.#entries.length === 0) return this.anyone
    const hash = digest(/^Bearer +([^\s]+) *$/i.exec(authorization)?.[1] ?? '')
    let found: Caller | undefined
    for (const entry of this.#entries) {
      if (timingSafeEqual(entry.hash, hash)) found = entry.caller
    }
    if (found) return found
    throw unknownTokenError()
  }
}
