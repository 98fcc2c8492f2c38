import type { FastifyReply, FastifyRequest } from 'fastify'
import { graphqlError } from './errors.ts'
import { LOOPBACK_NAMES } from './host.ts'

/** Whether a web page of this very server sends the request, under whichever name of the loopback. */
export function isOwnOrigin(origin: string, host: string): boolean {
  const match = /^https?:\/\/([^/]+)$/i.exec(origin)
  return match !== null && oneName(match[1]!) === oneName(host)
}

/** @param what may not be done by web pages of somebody else, who would do it in the name of whoever looks at them */
export function refuseForeignPages(what: string) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    if (!isForeignPage(request)) return
    return reply.code(403).send(graphqlError('FORBIDDEN', `Web pages of other origins may not ${what}.`))
  }
}

/** Whether a browser sends the request for a web page of somebody else's. What is no browser does not say. */
function isForeignPage({ headers, host }: FastifyRequest): boolean {
  const { origin, 'sec-fetch-site': site } = headers
  const isForeign = site !== undefined && site !== 'same-origin' && site !== 'none'
  return isForeign || (origin !== undefined && !isOwnOrigin(origin, host))
}

function oneName(host: string): string {
  const lower = host.toLowerCase()
  const name = lower.replace(/:\d+$/, '')
  return LOOPBACK_NAMES.includes(name) ? lower.replace(name, 'localhost') : lower
}
