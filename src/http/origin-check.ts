import type { FastifyRequest } from 'fastify'
import { AppError } from '../domain/errors.ts'
import { LOOPBACK_NAMES } from './host-check.ts'

/** Whether an origin is this server's own, under any name of the loopback interface. */
export function isOwnOrigin(origin: string, host: string): boolean {
  const match = /^https?:\/\/([^/]+)$/i.exec(origin)
  return match !== null && canonicalHost(match[1]!) === canonicalHost(host)
}

/**
 * Returns a hook that rejects requests of web pages from other origins, which would act with the network access of the
 * person who looks at them. Clients other than browsers send neither header.
 *
 * @param action what such a page may not do, for the error message
 */
export function rejectForeignPages(action: string) {
  return async ({ headers, host }: FastifyRequest): Promise<void> => {
    const { origin, 'sec-fetch-site': site } = headers
    const isForeignSite = site !== undefined && site !== 'same-origin' && site !== 'none'
    if (!isForeignSite && (origin === undefined || isOwnOrigin(origin, host))) return
    throw new AppError('FORBIDDEN', `Web pages of other origins may not ${action}.`)
  }
}

/**
 * Returns a hook that rejects WebSocket upgrades of web pages from origins that are not allowed. Browsers let every page
 * open a WebSocket to any server.
 */
export function rejectForeignSockets(allowedOrigins: readonly string[]) {
  return async ({ ws, headers: { origin }, host }: FastifyRequest): Promise<void> => {
    if (!ws || origin === undefined || allowedOrigins.includes(origin) || isOwnOrigin(origin, host)) return
    throw new AppError('FORBIDDEN', 'Web pages of other origins may not open a WebSocket to this server.')
  }
}

function canonicalHost(host: string): string {
  const lower = host.toLowerCase()
  const name = lower.replace(/:\d+$/, '')
  return LOOPBACK_NAMES.includes(name) ? lower.replace(name, 'localhost') : lower
}
