import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import fp from 'fastify-plugin'
import { onResponseEnd } from './client-disconnect.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Lets a request body of this route take any time, as long as it sends this many bytes in every window. */
    minBodyBytesPerWindow?: number
  }
}

/** How long the rest of a body is read after its response, so that the client can read that. */
const DRAIN_MS = 5_000

export interface SlowRequestTimeoutOptions {
  /** The time for a complete body, unless its route sets `minBodyBytesPerWindow`. */
  readonly windowMs: number
}

/**
 * Closes the connections of clients that send a request body too slowly, after REQUEST_TIMEOUT. Node's `requestTimeout`
 * is one limit for all routes and for the whole body, which a large upload exceeds.
 */
export const slowRequestTimeout = fp<SlowRequestTimeoutOptions>(
  async (app, { windowMs }) => {
    const onTimeout = (socket: Socket) => {
      const error = Object.assign(new Error('The request body is too slow'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
      app.server.emit('clientError', error, socket)
    }
    app.addHook('onRequest', ({ raw, routeOptions }, _, done) => {
      if (hasBody(raw)) {
        const minBytes = routeOptions.config.minBodyBytesPerWindow ?? Number.POSITIVE_INFINITY
        watchBody(raw, { windowMs, minBytes, onTimeout })
      }
      done()
    })
    app.addHook('onResponse', ({ raw, ws }, _, done) => {
      done()
      if (ws || raw.complete || raw.destroyed) return
      raw.resume()
      setTimeout(() => raw.complete || raw.socket.destroy(), DRAIN_MS).unref()
    })
  },
  { name: 'slow-request-timeout' },
)

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

interface MinimumRate {
  readonly windowMs: number
  readonly minBytes: number
  readonly onTimeout: (socket: Socket) => void
}

function watchBody(body: IncomingMessage, { windowMs, minBytes, onTimeout }: MinimumRate): void {
  const { socket } = body
  let before = socket.bytesRead
  const timer = setInterval(() => {
    if (body.complete) return stop()
    const now = socket.bytesRead
    if (now - before < minBytes) {
      stop()
      onTimeout(socket)
    }
    before = now
  }, windowMs)
  timer.unref()
  const stop = () => {
    clearInterval(timer)
    socket.off('close', stop)
  }
  body.once('end', stop)
  // A body whose request is already answered emits no `end`.
  socket.once('close', stop)
}

const RESPONSE_WINDOW_MS = 30_000
const MIN_RESPONSE_BYTES_PER_WINDOW = 64 * 1024

/**
 * Closes the connection when the client reads a long response too slowly, which would hold its file for ever:
 * docs/limits.md. A client that has read everything sent so far is not slow.
 */
export function setSlowResponseTimeout(response: ServerResponse, windowMs = RESPONSE_WINDOW_MS): void {
  // A pipelined response has no socket yet.
  const { socket } = response.req
  let before = socket.bytesWritten
  const timer = setInterval(() => {
    const now = socket.bytesWritten
    if (now - before < MIN_RESPONSE_BYTES_PER_WINDOW && socket.writableLength > 0) socket.destroy()
    before = now
  }, windowMs)
  timer.unref()
  onResponseEnd(response, () => clearInterval(timer))
}
