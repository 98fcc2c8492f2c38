import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { ExecutedOperation } from '../observability/operations.ts'
import { etagOf, matchesEtag } from './etag.ts'
import type { CachedResponse, ResponseCache } from './response-cache.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The body before parsing, if it is JSON. */
    bodyText: string | null
    /** Where the response can be stored; null for a request that is not cached. */
    cacheSlot: { readonly key: string; readonly startVersion: number } | null
  }
  interface FastifyReply {
    /** Set by the handler when the response depends on the database alone. Its headers are stored with it. */
    cacheable: Omit<CachedResponse, 'body' | 'etag'> | null
  }
}

export interface ResponseCachingOptions {
  readonly cache: ResponseCache
  /** Called with each operation that is answered from the cache. */
  readonly onHit: (operation: ExecutedOperation, request: FastifyRequest, seconds: number) => void
}

/**
 * Answers repeated queries from the cache, after all checks of the request and instead of the handler. Stores the
 * responses that the handler marks as cacheable. Responses to GET have an ETag.
 */
export const responseCaching = fp<ResponseCachingOptions>(
  async (app, { cache, onHit }) => {
    app.decorateRequest('bodyText', null)
    app.decorateRequest('cacheSlot', null)
    app.decorateReply('cacheable', null)
    app.addHook('preHandler', (request, reply, done) => {
      const start = performance.now()
      const key = request.ws ? undefined : cacheKey(request)
      if (key === undefined) return done()
      const cached = cache.get(key)
      if (cached) {
        onHit(cached.operation, request, (performance.now() - start) / 1000)
        reply.headers(cached.headers).send(isNotModified(cached.etag, request, reply) ? undefined : cached.body)
        return
      }
      request.cacheSlot = { key, startVersion: cache.version() }
      done()
    })
    app.addHook('onSend', (request, reply, payload, done) => {
      const { cacheSlot } = request
      const { cacheable } = reply
      if (!cacheSlot || !cacheable || typeof payload !== 'string') return done()
      const body = Buffer.from(payload)
      const contentType = cacheable.headers['content-type'] ?? ''
      const etag = request.method === 'GET' ? etagOf(contentType, body) : undefined
      cache.set(cacheSlot.key, cacheSlot.startVersion, { ...cacheable, body, etag })
      done(null, isNotModified(etag, request, reply) ? null : body)
    })
  },
  { name: 'response-caching' },
)

/** Sets the caching headers of a response to GET. Sets status 304 and returns true if the client has the response already. */
function isNotModified(etag: string | undefined, { headers }: FastifyRequest, reply: FastifyReply): boolean {
  if (etag === undefined) return false
  const vary = [reply.getHeader('vary'), 'Accept', 'Authorization'].filter(Boolean).join(', ')
  reply.headers({ etag, vary, 'cache-control': 'private, no-cache' })
  const isMatch = matchesEtag(etag, headers['if-none-match'])
  if (isMatch) reply.code(304).removeHeader('content-length')
  return isMatch
}

/** The headers by which Apollo Server recognises a request that had a CORS preflight. */
const PREFLIGHT_HEADERS = ['x-apollo-operation-name', 'apollo-require-preflight']

/**
 * Returns everything that the response depends on, as the client sent it, so that a request that would be rejected is
 * never answered from the cache. Only the last part can contain a line break. Returns undefined for a request that is
 * not a query.
 */
function cacheKey({ method, headers, url, caller, body, bodyText }: FastifyRequest): string | undefined {
  if (method === 'GET' ? body !== undefined : bodyText === null) return undefined
  const query = url.indexOf('?')
  const isPreflighted = PREFLIGHT_HEADERS.some(name => Boolean(headers[name]))
  return [
    method,
    caller.role,
    headers['content-type'],
    headers.accept,
    isPreflighted,
    query < 0 ? '' : url.slice(query),
    bodyText ?? '',
  ].join('\n')
}
