import type { FastifyBaseLogger } from 'fastify'
import { CloseCode, type Server } from 'graphql-ws'
import { WebSocket } from 'ws'
import { INTERNAL_ERROR_MESSAGE } from '../../domain/errors.ts'
import type { SocketClient } from './socket-authentication.ts'

/** Shorter than the time after which proxies and routers drop a silent connection. */
const PING_INTERVAL_MS = 12_000
/** The limit of responses that a client has not read yet, which are kept in memory. */
const MAX_UNREAD_BYTES = 2 ** 20

/**
 * Runs the graphql-transport-ws protocol on an open WebSocket. graphql-ws's own adapter writes every protocol error of a
 * client to the console, and lets unread responses accumulate.
 */
export function runProtocol(
  graphql: Server<SocketClient>,
  socket: WebSocket,
  client: SocketClient,
  log: FastifyBaseLogger,
): void {
  const onClosed = graphql.opened(
    {
      protocol: socket.protocol,
      send: text => send(socket, text),
      close: (code, reason) => socket.close(code, reason),
      onMessage: handleMessage => {
        socket.on('message', data => {
          // A close frame would not be read either.
          if (socket.bufferedAmount > MAX_UNREAD_BYTES) socket.terminate()
          if (socket.readyState !== WebSocket.OPEN) return
          void handleMessage(String(data)).catch(error => closeAfterError(socket, error, log))
        })
      },
    },
    client,
  )
  const stopPinging = pingRegularly(socket)
  socket.once('close', (code, reason) => {
    stopPinging()
    onClosed(code, String(reason)).catch(error => log.error(error))
  })
}

/** Resolves when the text is handed to the system, so that a slow client slows its subscription down, or on close. */
function send(socket: WebSocket, text: string): Promise<void> {
  return new Promise(resolve => {
    if (socket.readyState === WebSocket.OPEN) socket.send(text, () => resolve())
    else resolve()
  })
}

function closeAfterError(socket: WebSocket, error: unknown, log: FastifyBaseLogger): void {
  log.error(error)
  socket.close(CloseCode.InternalServerError, INTERNAL_ERROR_MESSAGE)
}

/** Closes a connection whose other end has vanished. */
function pingRegularly(socket: WebSocket): () => void {
  let isAlive = true
  socket.on('pong', () => {
    isAlive = true
  })
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate()
    isAlive = false
    socket.ping()
  }, PING_INTERVAL_MS)
  return () => clearInterval(timer)
}
