/** What a caller may do, from least to most: each right includes those before it. docs/access.md says what they cover. */
export const RIGHTS = ['read', 'ingest', 'admin'] as const
export type Right = (typeof RIGHTS)[number]

/** Who asks. */
export interface Caller {
  /** The name of its access token; null without one. */
  readonly token: string | null
  /** The most that it may do; null when that is nothing. */
  readonly role: Right | null
}

export function includes(role: Right | null, right: Right): boolean {
  return role !== null && RIGHTS.indexOf(role) >= RIGHTS.indexOf(right)
}

/** A caller is refused before anything was looked up, so that the refusal tells nothing of what there is. */
export class AccessDenied extends Error {
  override readonly name = 'AccessDenied'
  readonly code: 'UNAUTHENTICATED' | 'FORBIDDEN'
  /** What HTTP answers in WWW-Authenticate (RFC 6750). */
  readonly challenge: string

  constructor(code: AccessDenied['code'], message: string, challenge: string) {
    super(message)
    this.code = code
    this.challenge = challenge
  }

  get httpStatus(): number {
    return this.code === 'FORBIDDEN' ? 403 : 401
  }
}

const REALM = 'Bearer realm="account-growth"'

/** @throws AccessDenied */
export function requireRight({ token, role }: Caller, right: Right): void {
  if (includes(role, right)) return
  if (token === null) {
    const message = 'This needs an access token. Send it in the header Authorization: Bearer <token>.'
    throw new AccessDenied('UNAUTHENTICATED', message, REALM)
  }
  const challenge = `${REALM}, error="insufficient_scope", scope="${right}"`
  throw new AccessDenied('FORBIDDEN', `This needs an access token of the role ${right}.`, challenge)
}

/** What is said of a token that is none of the server's, whatever is wrong with it. */
export function unknownToken(): AccessDenied {
  const message = 'The access token is not known here. Check that it was copied whole, or ask for a new one.'
  return new AccessDenied('UNAUTHENTICATED', message, `${REALM}, error="invalid_token"`)
}
