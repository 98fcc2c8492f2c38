import { createHash } from 'node:crypto'

export const ROLES = ['read', 'ingest', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** Tokens as a person would not choose them: that they are long and random is not what is tested. */
export const TOKENS: Readonly<Record<Role, string>> = {
  read: 'agt_the-token-of-ana',
  ingest: 'agt_the-token-of-the-cron-job',
  admin: 'agt_the-token-of-the-operator',
}

const NAMES: Readonly<Record<Role, string>> = { read: 'ana', ingest: 'cron', admin: 'operator' }

export function entryOf(name: string, role: string, token: string): string {
  return `${name}:${role}:${createHash('sha256').update(token).digest('hex')}`
}

/** For ACCESS_TOKENS. */
export const ENTRIES = ROLES.map(role => entryOf(NAMES[role], role, TOKENS[role])).join(',')

/** The headers of a client with a token, or without one for `null`. */
export function bearer(role: Role | null): Record<string, string> {
  return role === null ? {} : { authorization: `Bearer ${TOKENS[role]}` }
}
