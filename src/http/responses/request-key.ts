import type { FastifyRequest } from 'fastify'
import { textOfBody } from './json-text.ts'

/** Those by which Apollo tells that a browser has asked before it sent. */
const PREFLIGHT_HEADERS = ['x-apollo-operation-name', 'apollo-require-preflight']

/**
 * All of a request that its answer depends on, as it was sent, so that whatever would be refused is never answered out
 * of the cache. Only the last part can hold a line break. Undefined for what is no request for data.
 */
export function requestKey(request: FastifyRequest): string | undefined {
  const { method, headers, url, caller } = request
  const body = textOfBody(request)
  if (method === 'GET' ? request.body !== undefined : method !== 'POST' || body === undefined) return undefined
  const query = url.indexOf('?')
  const isPreflighted = PREFLIGHT_HEADERS.some(name => Boolean(headers[name]))
  return [
    method,
    caller.role,
    headers['content-type'],
    headers.accept,
    isPreflighted,
    query < 0 ? '' : url.slice(query),
    body,
  ].join('\n')
}
