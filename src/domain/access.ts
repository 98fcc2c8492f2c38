import { AppError } from './errors.ts'

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

/** @throws AppError UNAUTHENTICATED without a token, FORBIDDEN with one whose role is too low */
export function requireRight({ token, role }: Caller, right: Right): void {
  if (includes(role, right)) return
  if (token === null) {
    const message = 'This needs an access token. Send it in the header Authorization: Bearer <token>.'
    throw new AppError('UNAUTHENTICATED', message)
  }
  const details = { requiredRole: right }
  throw new AppError('FORBIDDEN', `This needs an access token of the role ${right}.`, { details })
}

/** The error for a token that the server does not know. It does not say what is wrong with the token. */
export function unknownToken(): AppError {
  const message = 'The access token is not known here. Check that it was copied whole, or ask for a new one.'
  return new AppError('UNAUTHENTICATED', message, { details: { isTokenUnknown: true } })
}
