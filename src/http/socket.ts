import type { FastifyBaseLogger } from 'fastify'
import { CloseCode, type Server } from 'graphql-ws'
import { WebSocket } from 'ws'
import { INTERNAL_ERROR_MESSAGE } from '../domain/errors.ts'
import type { Speaker } from './access/sockets.ts'

/** Shorter than what proxies and routers wait before they drop a silent connection. */
const PING_EVERY_MS = 12_000
/** Of what was said to a client. Who asks on without reading the answers would have them pile up in memory. */
const MAX_UNREAD_BYTES = 2 ** 20

/**
 * Speaks the protocol over one open socket. The library's own adapter does the same, but complains to the console of
 * whatever a client does wrong.
 */
export function speak(graphql: Server<Speaker>, socket: WebSocket, speaker: Speaker, log: FastifyBaseLogger): void {
  const closed = graphql.opened(
    {
      protocol: socket.protocol,
      send: text => send(socket, text),
      close: (code, reason) => socket.close(code, reason),
      onMessage: take => {
        socket.on('message', data => {
          if (hangUpOnDeaf(socket)) return
          void take(String(data)).catch(error => giveUp(socket, error, log))
        })
      },
    },
    speaker,
  )
  const stopPinging = ping(socket)
  // The close that follows is all there is to do about it.
  socket.on('error', error => log.debug(error))
  socket.once('close', (code, reason) => {
    stopPinging()
    closed(code, String(reason)).catch(error => log.error(error))
  })
}

/** Whether it has: there is no use in saying goodbye to who does not read. */
function hangUpOnDeaf(socket: WebSocket): boolean {
  if (socket.bufferedAmount > MAX_UNREAD_BYTES) socket.terminate()
  return socket.readyState !== WebSocket.OPEN
}

/** Resolves when the text has been handed to the system, so that a slow reader slows its subscription, or is gone. */
function send(socket: WebSocket, text: string): Promise<void> {
  return new Promise(resolve => {
    if (socket.readyState === WebSocket.OPEN) socket.send(text, () => resolve())
    else resolve()
  })
}

function giveUp(socket: WebSocket, error: unknown, log: FastifyBaseLogger): void {
  log.error(error)
  socket.close(CloseCode.InternalServerError, INTERNAL_ERROR_MESSAGE)
}

/** Ends a connection whose other end has vanished without a word. */
function ping(socket: WebSocket): () => void {
  let isAlive = true
  socket.on('pong', () => {
    isAlive = true
  })
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate()
    isAlive = false
    socket.ping()
  }, PING_EVERY_MS)
  return () => clearInterval(timer)
}
