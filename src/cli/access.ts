import { readFile } from 'node:fs/promises'
import type { AnyoneMay } from '../config/access.ts'
import type { Config } from '../config/config.ts'
import { ROLES, type Role } from '../domain/access.ts'
import { AppError } from '../domain/errors.ts'
import { doubles, readEntries } from '../http/access/token-entries.ts'
import type { TokenEntry } from '../http/access/tokens.ts'
import { isLoopback } from '../http/host.ts'
import type { ServerAccess } from '../http/server.ts'

const RIGHT_OF_ANYONE: Readonly<Record<AnyoneMay, Role | null>> = {
  nothing: null,
  read: 'read',
  ingest: 'ingest',
  everything: 'admin',
}
/** As many as a hundred a second: more than a person with a few charts asks for, and a script that pages through all. */
const REQUESTS_PER_MINUTE = 6_000

/**
 * Who may do what, by the configuration. On loopback everything is open unless it says otherwise; whatever can be
 * reached from elsewhere has to say.
 *
 * @throws AppError INVALID_CONFIGURATION
 */
export async function accessOf(config: Config): Promise<ServerAccess> {
  const { host, access } = config
  const { allowedHosts, corsOrigins, trustedProxies, authFailuresPerMinute, anyoneMay } = access
  const tokens = await tokensOf(access)
  const isLocal = isForThisMachine(config)
  if (tokens.length === 0) requireWord(host, isLocal, anyoneMay)
  const isOpenLocally = isLocal && tokens.length === 0 && anyoneMay === undefined
  const unlimited = Number.POSITIVE_INFINITY
  return {
    tokens,
    anyone: RIGHT_OF_ANYONE[anyoneMay ?? (tokens.length === 0 ? 'everything' : 'nothing')],
    allowedHosts,
    corsOrigins,
    trustedProxies,
    requestsPerMinute: access.requestsPerMinute ?? (isOpenLocally ? unlimited : REQUESTS_PER_MINUTE),
    authFailuresPerMinute,
    socketsPerAddress: isOpenLocally ? unlimited : access.socketsPerAddress,
  }
}

/** Whether nothing but programs of this machine can ask: neither from elsewhere, nor through a proxy. */
function isForThisMachine({ host, access }: Config): boolean {
  return isLoopback(host) && access.allowedHosts.length === 0 && access.trustedProxies.length === 0
}

async function tokensOf({ tokens, tokensFile }: Config['access']): Promise<readonly TokenEntry[]> {
  const fromFile = tokensFile === undefined ? '' : await contentOf(tokensFile)
  const read = [readEntries(tokens, 'ACCESS_TOKENS'), readEntries(fromFile, `ACCESS_TOKENS_FILE ${tokensFile}`)]
  const entries = read.flatMap(({ entries }) => entries)
  const faults = [...read.flatMap(({ faults }) => faults), ...doubles(entries)]
  if (faults.length > 0) throw new AppError('INVALID_CONFIGURATION', faults.join('\n'))
  if (tokensFile !== undefined && entries.length === 0) {
    throw new AppError(
      'INVALID_CONFIGURATION',
      `ACCESS_TOKENS_FILE ${tokensFile} has no entry. npm run token makes one`,
    )
  }
  return entries
}

async function contentOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new AppError('INVALID_CONFIGURATION', `ACCESS_TOKENS_FILE ${file} cannot be read (${error.code})`)
  })
}

const MAKE_A_TOKEN =
  'Make a token with npm run token -- --role admin --name me, and put the entry that it prints into ACCESS_TOKENS'

function requireWord(host: string, isLocal: boolean, anyoneMay: AnyoneMay | undefined): void {
  if (anyoneMay === 'nothing') {
    throw new AppError(
      'INVALID_CONFIGURATION',
      `ANYONE_MAY is nothing and there are no access tokens: nobody could ask. ${MAKE_A_TOKEN}.`,
    )
  }
  if (isLocal || anyoneMay !== undefined) return
  const why = isLoopback(host)
    ? 'With ALLOWED_HOSTS or TRUSTED_PROXIES set, others than this machine reach the server'
    : `On HOST ${host} others than this machine reach the server`
  throw new AppError(
    'INVALID_CONFIGURATION',
    `${why}, and nothing says who may do what. ${MAKE_A_TOKEN};
or, where everybody who can reach it may read, ingest and revert, set ANYONE_MAY=everything.`,
  )
}

const DEEDS: Readonly<Record<Role, string>> = { read: 'read', ingest: 'read and ingest', admin: 'do everything' }

/** What the server says of it when it starts. */
export function accessLines(config: Config, { tokens, anyone }: ServerAccess): string {
  const named = ROLES.flatMap(right => {
    const names = tokens.filter(({ role }) => role === right).map(({ name }) => name)
    return names.length === 0 ? [] : [`${right}: ${names.join(', ')}`]
  })
  const lines = named.length === 0 ? [] : [`Access by token (${named.join('; ')}).`]
  if (anyone !== null) {
    const who = isForThisMachine(config) ? 'every program on this machine' : 'everyone who can reach it'
    lines.push(`Open without a token: ${who} may ${DEEDS[anyone]}.`)
  }
  return lines.join('\n')
}
