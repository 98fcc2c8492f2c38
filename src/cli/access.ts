import { readFile } from 'node:fs/promises'
import type { AnyoneMay, Config } from '../config/config.ts'
import { ROLES, type Role } from '../domain/access.ts'
import { AppError } from '../domain/errors.ts'
import { duplicateErrors, parseTokenList } from '../http/auth/token-list.ts'
import type { TokenEntry } from '../http/auth/tokens.ts'
import { isLoopback } from '../http/host-check.ts'
import type { ServerAccess } from '../http/server.ts'

const ROLE_WITHOUT_TOKEN: Readonly<Record<AnyoneMay, Role | null>> = {
  nothing: null,
  read: 'read',
  ingest: 'ingest',
  everything: 'admin',
}

/** 100 a second: more than a person with several charts sends, or a script that reads all pages. */
const REQUESTS_PER_MINUTE = 6_000

/**
 * Reads the tokens and determines who may do what. A server that only this machine can reach is open unless the
 * configuration restricts it; any other server needs tokens or `ANYONE_MAY`.
 *
 * @throws AppError INVALID_CONFIGURATION
 */
export async function readAccess(config: Config): Promise<ServerAccess> {
  const { access } = config
  const { allowedHosts, corsOrigins, trustedProxies, authFailuresPerMinute, anyoneMay } = access
  const tokens = await readTokens(access)
  const isLocal = isLocalOnly(config)
  if (tokens.length === 0) requireExplicitAccess(config, isLocal)
  const isOpenLocally = isLocal && tokens.length === 0 && anyoneMay === undefined
  const unlimited = Number.POSITIVE_INFINITY
  return {
    tokens,
    anyone: ROLE_WITHOUT_TOKEN[anyoneMay ?? (tokens.length === 0 ? 'everything' : 'nothing')],
    allowedHosts,
    corsOrigins,
    trustedProxies,
    requestsPerMinute: access.requestsPerMinute ?? (isOpenLocally ? unlimited : REQUESTS_PER_MINUTE),
    authFailuresPerMinute,
    socketsPerAddress: isOpenLocally ? unlimited : access.socketsPerAddress,
  }
}

/** Whether only programs on this machine can send requests: neither other machines nor a proxy. */
function isLocalOnly({ host, access }: Config): boolean {
  return isLoopback(host) && access.allowedHosts.length === 0 && access.trustedProxies.length === 0
}

async function readTokens({ tokens, tokensFile }: Config['access']): Promise<readonly TokenEntry[]> {
  const fileContent = tokensFile === undefined ? '' : await contentOf(tokensFile)
  const read = [
    parseTokenList(tokens, 'ACCESS_TOKENS'),
    parseTokenList(fileContent, `ACCESS_TOKENS_FILE ${tokensFile}`),
  ]
  const entries = read.flatMap(({ entries }) => entries)
  const errors = [...read.flatMap(list => list.errors), ...duplicateErrors(entries)]
  if (errors.length > 0) throw invalid(errors.join('\n'))
  if (tokensFile !== undefined && entries.length === 0)
    throw invalid(`ACCESS_TOKENS_FILE ${tokensFile} has no entries. Create one with npm run token.`)
  return entries
}

async function contentOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw invalid(`ACCESS_TOKENS_FILE ${file} cannot be read (${error.code})`)
  })
}

const CREATE_TOKEN =
  'Create a token with npm run token -- --role admin --name me, and add the entry that it prints to ACCESS_TOKENS'

function requireExplicitAccess({ host, access: { anyoneMay } }: Config, isLocal: boolean): void {
  if (anyoneMay === 'nothing')
    throw invalid(`ANYONE_MAY is nothing and there are no access tokens, so no request is allowed. ${CREATE_TOKEN}.`)
  if (isLocal || anyoneMay !== undefined) return
  const reason = isLoopback(host)
    ? 'With ALLOWED_HOSTS or TRUSTED_PROXIES, other machines can reach the server'
    : `On HOST ${host}, other machines can reach the server`
  throw invalid(`${reason}, but there are no access tokens. ${CREATE_TOKEN}.
To let everyone who can reach the server read, ingest and revert, set ANYONE_MAY=everything.`)
}

function invalid(message: string): AppError {
  return new AppError('INVALID_CONFIGURATION', message)
}

const ALLOWED: Readonly<Record<Role, string>> = { read: 'read', ingest: 'read and ingest', admin: 'do everything' }

/** What the server prints about access when it starts. */
export function accessLines(config: Config, { tokens, anyone }: ServerAccess): string[] {
  const byRole = ROLES.flatMap(role => {
    const names = tokens.filter(token => token.role === role).map(({ name }) => name)
    return names.length === 0 ? [] : [`${role}: ${names.join(', ')}`]
  })
  const lines = byRole.length === 0 ? [] : [`Access with a token: ${byRole.join('; ')}.`]
  if (anyone === null) return lines
  const clients = isLocalOnly(config) ? 'every program on this machine' : 'everyone who can reach the server'
  return [...lines, `Access without a token: ${clients} may ${ALLOWED[anyone]}.`]
}
