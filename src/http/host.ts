import type { IncomingMessage } from 'node:http'
import { isIPv4, isIPv6 } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { graphqlError } from './errors.ts'

export const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]']
const LOOPBACK_ADDRESS = /^(localhost|127(\.\d{1,3}){3}|::1)$/i

export function isLoopback(address: string): boolean {
  return LOOPBACK_ADDRESS.test(address)
}

/** Why a request for `host` is refused, if it is. */
export type HostRule = (host: string) => string | undefined

export interface HostRuleOptions {
  /** That the server listens on. */
  readonly address: string
  /** Names that it has besides. */
  readonly allowedHosts: readonly string[]
  /** Whether something may be had without a token. */
  readonly isOpen: boolean
}

/**
 * A web page can have its own host name resolve to this server, and then reads the answers as its own: all of them, on
 * loopback or where no token is needed. So a request has to name a host that no page can have. Elsewhere an address in
 * figures is as good as a name, because nobody's page has that.
 */
export function hostRule({ address, allowedHosts, isOpen }: HostRuleOptions): HostRule {
  const isLocal = isLoopback(address)
  if (!isLocal && !isOpen && allowedHosts.length === 0) return () => undefined
  const own = address.includes(':') ? `[${address}]` : address.toLowerCase()
  const names = new Set([...LOOPBACK_NAMES, own, ...allowedHosts])
  const message = `This server answers to ${[...names].join(', ')} only. Use one of these as the host.`
  const others = `${message} Other names are added with ALLOWED_HOSTS.`
  return host => {
    const name = host.replace(/:\d+$/, '').toLowerCase()
    if (names.has(name) || (!isLocal && isNumeric(name))) return
    return isLocal ? message : others
  }
}

function isNumeric(name: string): boolean {
  return isIPv4(name) || (/^\[.*\]$/.test(name) && isIPv6(name.slice(1, -1)))
}

/**
 * What is wrong with a request that does not name one host, as HTTP asks of it. Of two, the one that is judged here may
 * not be the one that a proxy has gone by. Who speaks HTTP/1.0 need not name any.
 */
export function hostFault({ rawHeaders, httpVersion }: IncomingMessage): string | undefined {
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) if (rawHeaders[at]!.toLowerCase() === 'host') hosts++
  if (hosts === 0 && httpVersion !== '1.0') return 'The request names no host. Send the header Host.'
  return hosts > 1 ? 'The request names its host twice. Send one header Host.' : undefined
}

export function requireHost(app: FastifyInstance, rule: HostRule): void {
  app.addHook('onRequest', (request, reply, done) => {
    const fault = hostFault(request.raw)
    if (fault !== undefined)
      return reply.code(400).header('connection', 'close').send(graphqlError('BAD_REQUEST', fault))
    const refusal = rule(request.host)
    if (refusal === undefined) done()
    else reply.code(403).send(graphqlError('FORBIDDEN', refusal))
  })
}
