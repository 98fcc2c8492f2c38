import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Caller, type Role, requireRole } from '../../domain/access.ts'
import type { Authenticator } from './authenticator.ts'
import { rateLimitHeaders } from './rate-limiter.ts'

/**
 * The role that a request needs. `public` needs none and is not counted against a rate limit. `handshake` is
 * authenticated and counted, and its role is checked later: a WebSocket of a browser sends its token in its first message.
 */
export type RequiredRole = Role | 'public' | 'handshake'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route declares it. The server does not start if a route does not. */
    role?: RequiredRole | ((request: FastifyRequest) => RequiredRole)
  }
  interface FastifyRequest {
    /** The authenticated client. */
    caller: Caller
  }
}

export interface AuthenticationOptions {
  readonly authenticator: Authenticator
}

/**
 * Authenticates and authorizes each request before its body is read, and applies rate limits. An unknown path needs the
 * role `read`, so that other clients do not learn which paths exist.
 *
 * @throws Error when a route without `config.role` is added
 */
export const authentication = fp<AuthenticationOptions>(
  async (app, { authenticator }) => {
    app.decorateRequest('caller')
    app.addHook('onRoute', ({ config, method, url }) => {
      if (config?.role === undefined) throw new Error(`The route ${method} ${url} must declare config.role`)
    })
    app.addHook('onRequest', (request, reply, done) => {
      const role = requiredRole(request)
      if (role === 'public') {
        request.caller = authenticator.anonymous
        return done()
      }
      request.caller = authenticator.authenticate(request.headers.authorization, request.ip)
      const usage = authenticator.countRequest(request.caller, request.ip)
      if (usage) reply.headers(rateLimitHeaders(usage))
      if (role !== 'handshake') requireRole(request.caller, role)
      done()
    })
  },
  { name: 'authentication' },
)

/** Returns `admin` for a route that was added before the plugin and so was not checked. */
function requiredRole(request: FastifyRequest): RequiredRole {
  if (request.is404) return 'read'
  const { role = 'admin' } = request.routeOptions.config
  return typeof role === 'function' ? role(request) : role
}
