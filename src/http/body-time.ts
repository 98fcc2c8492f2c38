import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A body of this route may take any time, as long as this many bytes of it come in every window. */
    bodyBytesPerWindow?: number
  }
}

/** What is left of a body when its request has been answered is read for so long, for the client to see the answer. */
const DRAIN_MS = 5_000

/**
 * Cuts off clients that send a body too slowly. Node's own limit is one for all routes, and for the body as a whole,
 * which a large file exceeds.
 *
 * @param windowMs within which a body has to be here, where its route says nothing else
 */
export function limitBodyTime(app: FastifyInstance, windowMs: number): void {
  const cutOff = (socket: Socket) => {
    const error = Object.assign(new Error('the body comes too slowly'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
    app.server.emit('clientError', error, socket)
  }
  app.addHook('onRequest', ({ raw, routeOptions }, _, done) => {
    if (hasBody(raw)) {
      const neededBytes = routeOptions.config.bodyBytesPerWindow ?? Number.POSITIVE_INFINITY
      watch(raw, { windowMs, neededBytes, cutOff })
    }
    done()
  })
  app.addHook('onResponse', ({ raw }, _, done) => {
    done()
    if (raw.complete || raw.destroyed) return
    raw.resume()
    setTimeout(() => raw.complete || raw.socket.destroy(), DRAIN_MS).unref()
  })
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

interface Pace {
  readonly windowMs: number
  /** In each window, until the body is whole. */
  readonly neededBytes: number
  readonly cutOff: (socket: Socket) => void
}

function watch(body: IncomingMessage, { windowMs, neededBytes, cutOff }: Pace): void {
  const { socket } = body
  let before = socket.bytesRead
  const timer = setInterval(() => {
    if (body.complete) return stop()
    const now = socket.bytesRead
    if (now - before < neededBytes) {
      stop()
      cutOff(socket)
    }
    before = now
  }, windowMs)
  timer.unref()
  const stop = () => {
    clearInterval(timer)
    socket.off('close', stop)
  }
  body.once('end', stop)
  // A body whose request has been answered already has no event for this.
  socket.once('close', stop)
}
