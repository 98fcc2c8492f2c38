import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type HostRule, hostFault } from './host.ts'
import { isOwnOrigin } from './origin.ts'
import type { RawAnswer } from './raw-answer.ts'

/** What a handshake is judged by. */
export interface UpgradeRules {
  readonly host: HostRule
  /** Of the pages that may open a socket besides our own. */
  readonly origins: readonly string[]
}

/**
 * Judges a handshake by its head. A browser lets every page open a socket to anywhere and says in Origin which page
 * asks; programs send none.
 */
export function judgeUpgrade(request: IncomingMessage, rules: UpgradeRules): RawAnswer | undefined {
  const { headers, url = '' } = request
  const { origin, host = '' } = headers
  const fault = hostFault(request)
  if (fault !== undefined) return { status: '400 Bad Request', code: 'BAD_REQUEST', message: fault }
  const wrongHost = rules.host(host)
  if (wrongHost !== undefined) return forbidden(wrongHost)
  if (!/^\/graphql\/?(\?|$)/.test(url)) {
    return { status: '404 Not Found', code: 'NOT_FOUND', message: 'The API is at /graphql.' }
  }
  if (origin === undefined || rules.origins.includes(origin) || isOwnOrigin(origin, host)) return
  return forbidden('Web pages of other origins may not open a socket here.')
}

function forbidden(message: string): RawAnswer {
  return { status: '403 Forbidden', code: 'FORBIDDEN', message }
}

/** Why a handshake failed that was allowed to be made. */
export function badHandshake({ method }: IncomingMessage, { message }: Error): RawAnswer {
  if (method !== 'GET') {
    const headers = { Allow: 'GET' }
    const words = 'A WebSocket is opened by GET.'
    return { status: '405 Method Not Allowed', code: 'METHOD_NOT_ALLOWED', message: words, headers }
  }
  return {
    status: '400 Bad Request',
    code: 'BAD_REQUEST',
    message: `This handshake opens no WebSocket: ${message}.`,
    headers: { 'Sec-WebSocket-Version': '13' },
  }
}

/** Nodes from 24.9 on ask which offers to take; what they do not take they serve themselves, as `declineOffer` does. */
export const TAKEN_OFFERS: object = {
  shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === 'websocket',
}

/** What concerns the change of protocol that is not made. */
const DROPPED: readonly string[] = ['upgrade', 'connection', 'http2-settings']

/**
 * Serves a request that offers another protocol than WebSocket as if it offered none, as HTTP has it: Java's client
 * offers HTTP/2 with the first request of each connection. Node takes every offer for accepted once somebody listens
 * for upgrades, and so the request is put back in front of its connection, without the offer.
 */
export function declineOffer(server: Server, request: IncomingMessage, socket: Duplex, body: Buffer): void {
  const { method, url, httpVersion, rawHeaders } = request
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!
    if (!DROPPED.includes(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[i + 1]}`)
  }
  socket.unshift(Buffer.concat([Buffer.from([...lines, '', ''].join('\r\n'), 'latin1'), body]))
  server.emit('connection', socket)
}
