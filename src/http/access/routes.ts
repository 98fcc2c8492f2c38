import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Caller, type Role, requireRole } from '../../domain/access.ts'
import { excess, type Gate } from './gate.ts'
import { rateHeaders } from './rate-limiter.ts'

/** What a request of a route needs; `open` for what everybody may have, at any rate. */
export type RouteRight = Role | 'open' | ((request: FastifyRequest) => Role | 'open')

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route says it; without it the server does not start. */
    right?: RouteRight
  }
  interface FastifyRequest {
    /** Set before any handler runs. */
    caller: Caller
  }
}

/**
 * Judges every request by its head, before a byte of its body is read. What has no route is told so only to those who
 * may ask for something.
 *
 * @throws Error, from where a later route is declared, when it does not say what right it needs
 */
export function requireRouteRights(app: FastifyInstance, gate: Gate): void {
  app.decorateRequest('caller')
  app.addHook('onRoute', ({ config, method, url }) => {
    if (config?.right === undefined) throw new Error(`${method} ${url} does not say which right it needs`)
  })
  app.addHook('onRequest', (request, reply, done) => {
    const right = rightFor(request)
    request.caller = right === 'open' ? gate.anyone : gate.identify(request.headers.authorization, request.ip)
    if (right === 'open') return done()
    const allowance = gate.count(request.caller, request.ip)
    if (allowance) reply.headers(rateHeaders(allowance))
    const tooOften = excess(allowance)
    if (tooOften) throw tooOften
    requireRole(request.caller, right)
    done()
  })
}

function rightFor(request: FastifyRequest): Role | 'open' {
  if (request.is404) return 'read'
  const { right = 'admin' } = request.routeOptions.config
  return typeof right === 'function' ? right(request) : right
}
