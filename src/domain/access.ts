import { AppError } from './errors.ts'

/** Roles of access tokens, from least to most. Each role includes those before it: docs/access.md. */
export const ROLES = ['read', 'ingest', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** The client that sends a request. */
export interface Caller {
  /** The name of its access token; null without one. */
  readonly token: string | null
  /** Null when the client may do nothing. */
  readonly role: Role | null
}

export function includesRole(role: Role | null, required: Role): boolean {
  return role !== null && ROLES.indexOf(role) >= ROLES.indexOf(required)
}

/** @throws AppError UNAUTHENTICATED without a token, FORBIDDEN with one whose role is too low */
export function requireRole({ token, role }: Caller, required: Role): void {
  if (includesRole(role, required)) return
  if (token === null) {
    const message = 'This request needs an access token. Send it in the header Authorization: Bearer <token>.'
    throw new AppError('UNAUTHENTICATED', message)
  }
  const details = { requiredRole: required }
  throw new AppError('FORBIDDEN', `This request needs an access token with the role ${required}.`, { details })
}

/** The error for a token that the server does not know. The message does not reveal what is wrong with the token. */
export function unknownTokenError(): AppError {
  const message =
    'The server does not know this access token. Check that it was copied completely, or ask for a new one.'
  return new AppError('UNAUTHENTICATED', message, { details: { isTokenUnknown: true } })
}
