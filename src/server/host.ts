import type { FastifyInstance } from 'fastify'
import { graphqlError } from './errors.ts'

export const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]']
const LOOPBACK_ADDRESS = /^(localhost|127(\.\d{1,3}){3}|::1)$/i

export function isLoopback(address: string): boolean {
  return LOOPBACK_ADDRESS.test(address)
}

/** Why a request for `host` is refused, if it is. */
export type HostRule = (host: string) => string | undefined

/**
 * On loopback, takes requests for loopback names only. Without this a web page could have its own host name resolve
 * to 127.0.0.1 and then read the answers as its own.
 *
 * @param address that the server listens on
 */
export function hostRule(address: string): HostRule {
  if (!isLoopback(address)) return () => undefined
  const names = new Set([...LOOPBACK_NAMES, address.includes(':') ? `[${address}]` : address.toLowerCase()])
  const message = `This server answers to ${[...names].join(', ')} only. Use one of these as the host.`
  return host => (names.has(host.replace(/:\d+$/, '').toLowerCase()) ? undefined : message)
}

export function requireHost(app: FastifyInstance, rule: HostRule): void {
  app.addHook('onRequest', async (request, reply) => {
    const refusal = rule(request.host)
    if (refusal !== undefined) return reply.code(403).send(graphqlError('FORBIDDEN', refusal))
  })
}
