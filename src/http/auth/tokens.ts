import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Caller, type Role, unknownTokenError } from '../../domain/access.ts'

/** An access token in the configuration. docs/adr/0009-access.md explains why a plain SHA-256 is enough. */
export interface TokenEntry {
  readonly name: string
  readonly role: Role
  /** SHA-256 of the token, in hex. */
  readonly hash: string
}

/** Lets secret scanners recognise a token. */
export const TOKEN_PREFIX = 'agt_'
const TOKEN_BYTES = 32

export function newToken(): string {
  return TOKEN_PREFIX + randomBytes(TOKEN_BYTES).toString('base64url')
}

export function hashOf(token: string): string {
  return sha256(token).toString('hex')
}

function sha256(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

export interface AccessRules {
  readonly tokens: readonly TokenEntry[]
  /** The role of clients without a token; null for none. */
  readonly anyone: Role | null
}

export class TokenVerifier {
  /** A client without a token. */
  readonly anonymous: Caller
  readonly #entries: readonly { readonly hash: Buffer; readonly caller: Caller }[]

  constructor({ tokens, anyone }: AccessRules) {
    this.anonymous = { token: null, role: anyone }
    this.#entries = tokens.map(({ name, role, hash }) => ({
      hash: Buffer.from(hash, 'hex'),
      caller: { token: name, role },
    }))
  }

  /**
   * Returns the owner of a token. Takes the same time for every token, known or not. A server without tokens ignores the
   * header; a server with tokens never treats an unknown token as none.
   *
   * @param authorization the value of an Authorization header
   * @throws AppError UNAUTHENTICATED if the token is unknown
   */
  verify(authorization: string | undefined): Caller {
    if (authorization === undefined || this.#entries.length === 0) return this.anonymous
    const hash = sha256(/^Bearer +([^\s]+) *$/i.exec(authorization)?.[1] ?? '')
    let caller: Caller | undefined
    for (const entry of this.#entries) {
      if (timingSafeEqual(entry.hash, hash)) caller = entry.caller
    }
    if (caller) return caller
    throw unknownTokenError()
  }
}
