import { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import websocket, { type WebsocketHandler } from '@fastify/websocket'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { GraphQLError } from 'graphql'
import { handleProtocols, makeServer, type Server } from 'graphql-ws'
import type { WebSocket } from 'ws'
import { isAppError } from '../../domain/errors.ts'
import type { QueryLimits } from '../../domain/query-limits.ts'
import { createContext, type GraphQLServices } from '../../graphql/context.ts'
import { errorFormatter } from '../../graphql/errors.ts'
import { SubscriptionOperations } from '../../graphql/subscription-operations.ts'
import type { Authenticator } from '../auth/authenticator.ts'
import { methodNotAllowed } from '../errors.ts'
import type { GracefulShutdown } from '../graceful-shutdown.ts'
import { handleUpgrades, type RawResponse, writeRawResponse } from '../hostile-connections.ts'
import { runProtocol } from './graphql-socket.ts'
import type { SocketClient } from './socket-authentication.ts'
import { authenticateSocket, type SocketLimit } from './socket-authentication.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route accepts WebSocket upgrades. Default: false. */
    acceptsWebSocket?: boolean
  }
}

const MAX_MESSAGE_BYTES = 256 * 1024
const MAX_SUBSCRIPTIONS_PER_SOCKET = 100
/** The time for `connection_init`. */
const INIT_TIMEOUT_MS = 5_000
/** How long a closing server waits for the close frames of clients. */
const CLOSE_TIMEOUT_MS = 1_000
const GOING_AWAY = 1001

export interface WebSocketsOptions {
  readonly shutdown: GracefulShutdown
}

/**
 * Routes WebSocket upgrades through Fastify, so that the same hooks check them as any request. Register it before the
 * other hooks, which read `request.ws`.
 */
export const webSockets = fp<WebSocketsOptions>(
  async (app, { shutdown }) => {
    const upgrades = new EventEmitter()
    await app.register(websocket, {
      options: { server: upgrades as never, maxPayload: MAX_MESSAGE_BYTES, handleProtocols },
      // The socket closes after an error. Clients cause them, so they are not logged as errors.
      errorHandler: (error, _socket, { log }) => log.debug(error),
      preClose(this: FastifyInstance, done: () => void) {
        shutdown.start()
        void closeAll(this.websocketServer.clients).then(done)
      },
    })
    handleUpgrades(app.server, (request, socket, head) => {
      const isHandled = upgrades.emit('upgrade', request, socket, head)
      if (!isHandled) socket.destroy()
    })
    app.websocketServer.on('wsClientError', (error, socket, request) => {
      writeRawResponse(socket, handshakeError(request, error))
    })
    app.addHook('onRequest', async ({ ws, is404, method, routeOptions }, reply) => {
      if (!ws) return
      reply.header('connection', 'close')
      if (is404 || (routeOptions.config.acceptsWebSocket && method === 'GET')) return
      return methodNotAllowed(reply, 'GET', 'Open a WebSocket at /graphql with GET.')
    })
  },
  { name: 'web-sockets' },
)

/** Returns the response to a handshake that `ws` cannot parse. */
function handshakeError(_request: IncomingMessage, { message }: Error): RawResponse {
  return {
    status: '400 Bad Request',
    code: 'BAD_REQUEST',
    message: `This is not a valid WebSocket handshake: ${message}.`,
    headers: { 'Sec-WebSocket-Version': '13' },
  }
}

async function closeAll(clients: Set<WebSocket>): Promise<void> {
  // A close follows every error.
  const closed = [...clients].map(client => new Promise(resolve => client.once('close', resolve)))
  for (const client of clients) client.close(GOING_AWAY, 'The server is shutting down.')
  const timer = setTimeout(() => {
    for (const client of clients) client.terminate()
  }, CLOSE_TIMEOUT_MS)
  await Promise.all(closed)
  clearTimeout(timer)
}

export interface SubscriptionsOptions {
  readonly services: GraphQLServices
  readonly authenticator: Authenticator
  readonly socketLimit: SocketLimit
  readonly limits: QueryLimits
}

/** Returns the handler of WebSockets at /graphql. It serves subscriptions with the protocol graphql-transport-ws. */
export function subscriptionsHandler(
  options: SubscriptionsOptions,
  onError: (error: unknown) => void,
): WebsocketHandler {
  const graphql = graphqlServer(options, onError)
  return (socket, request) => {
    options.socketLimit.add(socket, request.ip)
    const close = (code: number, reason: string) => socket.close(code, reason)
    runProtocol(graphql, socket, { caller: request.caller, address: request.ip, close }, request.log)
  }
}

/** Formats and masks errors as over HTTP. */
function graphqlServer(
  { services, authenticator, limits }: SubscriptionsOptions,
  onUnexpectedError: (error: unknown) => void,
): Server<SocketClient> {
  const operations = new SubscriptionOperations(limits)
  const format = errorFormatter({ onUnexpectedError })
  const formatAll = (errors: readonly GraphQLError[]) => errors.map(error => format(error.toJSON(), error))
  return makeServer<Record<string, unknown>, SocketClient>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    onConnect: ({ extra, connectionParams }) => authenticateSocket(authenticator, extra, connectionParams),
    onSubscribe({ subscriptions, extra: { caller, address } }, _id, request) {
      if (Object.keys(subscriptions).length > MAX_SUBSCRIPTIONS_PER_SOCKET) {
        const message = `A WebSocket carries at most ${MAX_SUBSCRIPTIONS_PER_SOCKET} subscriptions. End one, or open another WebSocket.`
        return [graphqlErrorOf('TOO_MANY_SUBSCRIPTIONS', message)]
      }
      try {
        authenticator.countRequest(caller, address)
      } catch (error) {
        if (isAppError(error)) return [graphqlErrorOf(error.code, error.message)]
        throw error
      }
      return operations.prepare(request, createContext(services, caller))
    },
    onNext: (_context, _id, _request, _args, { data = null, errors }) =>
      errors ? { data, errors: formatAll(errors) } : undefined,
    onError: (_context, _id, _request, errors) => formatAll(errors),
  })
}

function graphqlErrorOf(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } })
}
