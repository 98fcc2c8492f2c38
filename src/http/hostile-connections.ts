/** Defences below HTTP: limits on connections, unreadable requests, and protocol upgrades that are out of order. */
import type { IncomingMessage, Server, ServerOptions } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import fp from 'fastify-plugin'
import type { RequestErrorCode } from '../domain/errors.ts'
import { graphqlError } from './errors.ts'

/** The limits of connections: docs/limits.md. */
export interface ConnectionLimits {
  /** Open connections, including WebSockets. */
  readonly maxConnections: number
  /** How long an idle connection is kept open. */
  readonly keepAliveMs: number
  /** The time for the headers of a request, and for its body unless its route says otherwise. */
  readonly bodyMs: number
}

const MAX_CHECK_INTERVAL_MS = 1_000
const WARN_EVERY_MS = 60_000

/** Options for `http.createServer`. Node checks for slow headers every 30 s by default. */
export function httpServerOptions({ bodyMs }: ConnectionLimits): ServerOptions {
  return {
    headersTimeout: bodyMs,
    connectionsCheckingInterval: Math.min(MAX_CHECK_INTERVAL_MS, bodyMs),
    // Node 24.9 and later ask; on older versions `declineUpgrade` does the same.
    ...{ shouldUpgradeCallback: isWebSocketUpgrade },
  }
}

export interface ConnectionLimitOptions {
  readonly maxConnections: number
  readonly onDrop: () => void
}

/** Closes new connections above the limit without a response. A response would require to keep them until they ask. */
export const connectionLimit = fp<ConnectionLimitOptions>(
  async (app, { maxConnections, onDrop }) => {
    app.server.maxConnections = maxConnections
    let warnedAt = Number.NEGATIVE_INFINITY
    app.server.on('drop', () => {
      onDrop()
      if (performance.now() - warnedAt < WARN_EVERY_MS) return
      warnedAt = performance.now()
      app.log.warn({ maxConnections }, 'The connection limit is reached: the server closes new connections')
    })
  },
  { name: 'connection-limit' },
)

const UNREADABLE = ['400 Bad Request', 'BAD_REQUEST', 'The server cannot parse this as an HTTP request.'] as const

const CLIENT_ERRORS: Readonly<Record<string, readonly [status: string, code: RequestErrorCode, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [
    '408 Request Timeout',
    'REQUEST_TIMEOUT',
    'The request arrived too slowly. Send it again over a better connection.',
  ],
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'HEADERS_TOO_LARGE',
    'The address and the headers are too long. Send the query in the body of a POST request.',
  ],
}

/** Answers a request that cannot be parsed or arrives too slowly, and closes its connection. */
export function handleClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const [status, code, message] = CLIENT_ERRORS[error.code ?? ''] ?? UNREADABLE
  writeRawResponse(socket, { status, code, message })
}

/** A response on a connection that Fastify does not handle. */
export interface RawResponse {
  /** With the reason phrase: `400 Bad Request`. */
  readonly status: string
  readonly code: RequestErrorCode
  readonly message: string
  readonly headers?: Readonly<Record<string, string>>
}

/** How long a client has to read the response and close. Closed at once, the connection could lose the response. */
const LINGER_MS = 2_000

/** Writes an error as GraphQL JSON and closes the connection, even if the client does not close its end. */
export function writeRawResponse(socket: Duplex, response: RawResponse): void {
  const body = JSON.stringify(graphqlError(response.code, response.message))
  const headers = {
    Connection: 'close',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    ...response.headers,
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref()
  socket.on('error', () => {}).once('close', () => clearTimeout(timer))
  socket.end([`HTTP/1.1 ${response.status}`, ...lines, '', body].join('\r\n'))
  // Discards what the client still sends, so that its end is noticed.
  socket.resume()
}

export function isWebSocketUpgrade({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket'
}

export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/**
 * Calls `onWebSocket` for WebSocket upgrades, and declines any other upgrade. An upgrade that is pipelined behind
 * unanswered requests waits for their responses: on a taken-over connection Node would lose them, or write into it.
 */
export function handleUpgrades(server: Server, onWebSocket: UpgradeHandler): void {
  const unanswered = new UnansweredRequests(server)
  server.on('upgrade', (request, socket, head) => {
    unanswered.runAfter(socket, () => {
      if (isWebSocketUpgrade(request)) onWebSocket(request, socket, head)
      else declineUpgrade(server, request, socket, head)
    })
  })
}

/** Counts the unanswered requests of each connection. */
class UnansweredRequests {
  readonly #counts = new WeakMap<Duplex, number>()
  readonly #callbacks = new WeakMap<Duplex, () => void>()

  constructor(server: Server) {
    server.prependListener('request', ({ socket }, response) => {
      this.#counts.set(socket, this.#countOn(socket) + 1)
      response.once('finish', () => this.#onFinish(socket))
    })
  }

  /** Calls `callback` when all requests of the connection are answered; never if the client disconnects before. */
  runAfter(socket: Duplex, callback: () => void): void {
    if (this.#countOn(socket) === 0) callback()
    else {
      // Node has removed its own error listener from the socket: without one, an error would end the process.
      socket.on('error', () => {})
      this.#callbacks.set(socket, callback)
    }
  }

  #countOn(socket: Duplex): number {
    return this.#counts.get(socket) ?? 0
  }

  #onFinish(socket: Duplex): void {
    const left = this.#countOn(socket) - 1
    this.#counts.set(socket, left)
    if (left > 0) return
    const callback = this.#callbacks.get(socket)
    this.#callbacks.delete(socket)
    if (!socket.destroyed) callback?.()
  }
}

const UPGRADE_HEADERS: readonly string[] = ['upgrade', 'connection', 'http2-settings']

/**
 * Serves a request that offers another protocol than WebSocket as if it offered none, as HTTP requires. Java's client
 * offers HTTP/2 with the first request of each connection. Up to Node 24.8 a server with an `upgrade` listener accepts
 * every offer, so the request is parsed again without it.
 */
function declineUpgrade(server: Server, request: IncomingMessage, socket: Duplex, body: Buffer): void {
  const { method, url, httpVersion, rawHeaders } = request
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!
    if (!UPGRADE_HEADERS.includes(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[i + 1]}`)
  }
  socket.unshift(Buffer.concat([Buffer.from([...lines, '', ''].join('\r\n'), 'latin1'), body]))
  server.emit('connection', socket)
}
