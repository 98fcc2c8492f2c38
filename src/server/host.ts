import type { FastifyInstance } from 'fastify'
import { graphqlError } from './errors.ts'

const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]']
const LOOPBACK_ADDRESS = /^(localhost|127(\.\d{1,3}){3}|::1)$/i

export function isLoopback(address: string): boolean {
  return LOOPBACK_ADDRESS.test(address)
}

/**
 * On loopback, takes requests for loopback names only. Without this a web page could have its own host name resolve
 * to 127.0.0.1 and then read the answers as its own.
 */
export function requireLoopbackHost(app: FastifyInstance, address: string): void {
  const names = new Set([...LOOPBACK_NAMES, address.includes(':') ? `[${address}]` : address.toLowerCase()])
  app.addHook('onRequest', async (request, reply) => {
    if (names.has(request.host.replace(/:\d+$/, '').toLowerCase())) return
    const message = `This server answers to ${[...names].join(', ')} only. Use one of these as the host.`
    return reply.code(403).send(graphqlError('FORBIDDEN', message))
  })
}
