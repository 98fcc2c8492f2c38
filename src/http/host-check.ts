import { isIPv4, isIPv6 } from 'node:net'
import fp from 'fastify-plugin'
import { AppError } from '../domain/errors.ts'

export const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]']
const LOOPBACK_ADDRESS = /^(localhost|127(\.\d{1,3}){3}|::1)$/i

export function isLoopback(address: string): boolean {
  return LOOPBACK_ADDRESS.test(address)
}

/** Returns why a request with this `Host` header is rejected; undefined if it is accepted. */
export type HostRule = (host: string) => string | undefined

export interface HostRuleOptions {
  /** The address that the server listens on. */
  readonly address: string
  /** Further names of the server. */
  readonly allowedHosts: readonly string[]
  /** Whether clients without a token can do anything. */
  readonly isOpen: boolean
}

/**
 * Returns the rule against DNS rebinding: a web page can make its own host name resolve to this server, and then read
 * the responses as its own. So on loopback, or where no token is needed, the host must be a name that no web page can
 * have. Elsewhere a numeric address is accepted too, because no web page is served from it.
 */
export function hostRule({ address, allowedHosts, isOpen }: HostRuleOptions): HostRule {
  const isLocal = isLoopback(address)
  if (!isLocal && !isOpen && allowedHosts.length === 0) return () => undefined
  const own = address.includes(':') ? `[${address}]` : address.toLowerCase()
  const names = new Set([...LOOPBACK_NAMES, own, ...allowedHosts])
  const message = `This server answers to ${[...names].join(', ')} only. Use one of these as the host.`
  return host => {
    const name = host.replace(/:\d+$/, '').toLowerCase()
    if (names.has(name) || (!isLocal && isNumeric(name))) return
    return isLocal ? message : `${message} To allow another name, add it to ALLOWED_HOSTS.`
  }
}

function isNumeric(name: string): boolean {
  return isIPv4(name) || (/^\[.*\]$/.test(name) && isIPv6(name.slice(1, -1)))
}

export interface HostCheckOptions {
  readonly rule: HostRule
}

/** Rejects requests and WebSocket upgrades that name a wrong host, or more than one. */
export const hostCheck = fp<HostCheckOptions>(
  async (app, { rule }) => {
    app.addHook('onRequest', (request, reply, done) => {
      // With two headers, a proxy may have checked the other one.
      if (hostHeaderCount(request.raw.rawHeaders) > 1) {
        reply.header('connection', 'close')
        throw new AppError('BAD_REQUEST', 'The request has two Host headers. Send one.')
      }
      const rejection = rule(request.host)
      if (rejection !== undefined) throw new AppError('FORBIDDEN', rejection)
      done()
    })
  },
  { name: 'host-check' },
)

function hostHeaderCount(rawHeaders: readonly string[]): number {
  let count = 0
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i]!.toLowerCase() === 'host') count++
  return count
}
