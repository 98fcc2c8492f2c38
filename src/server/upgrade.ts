import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { RequestErrorCode } from '../domain/errors.ts'
import { graphqlError } from './errors.ts'
import type { HostRule } from './host.ts'
import { isOwnOrigin } from './origin.ts'

/** Why a WebSocket is not opened. */
export interface UpgradeRefusal {
  readonly status: string
  readonly code: RequestErrorCode
  readonly message: string
  readonly headers?: Readonly<Record<string, string>>
}

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
export function judgeUpgrade({ headers, url = '' }: IncomingMessage, rules: UpgradeRules): UpgradeRefusal | undefined {
  const { origin, host = '' } = headers
  const wrongHost = rules.host(host)
  if (wrongHost !== undefined) return forbidden(wrongHost)
  if (!/^\/graphql\/?(\?|$)/.test(url)) {
    return { status: '404 Not Found', code: 'NOT_FOUND', message: 'The API is at /graphql.' }
  }
  if (origin === undefined || rules.origins.includes(origin) || isOwnOrigin(origin, host)) return
  return forbidden('Web pages of other origins may not open a socket here.')
}

function forbidden(message: string): UpgradeRefusal {
  return { status: '403 Forbidden', code: 'FORBIDDEN', message }
}

/** Answers instead of opening a socket, and closes the connection. */
export function refuseUpgrade(socket: Duplex, { status, code, message, headers: more = {} }: UpgradeRefusal): void {
  const body = JSON.stringify(graphqlError(code, message))
  const headers = [
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(more).map(([name, value]) => `${name}: ${value}`),
  ]
  socket.on('error', () => {})
  socket.end([`HTTP/1.1 ${status}`, ...headers, '', body].join('\r\n'))
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
