import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { GraphQLError } from 'graphql'
import { handleProtocols, makeServer, type Server } from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { QueryLimits } from '../domain/query-limits.ts'
import type { GraphQLServices } from '../graphql/context.ts'
import { errorFormatter } from '../graphql/errors.ts'
import { SubscriptionOperations } from '../graphql/subscription-operations.ts'
import type { SocketGate, Speaker } from './access/sockets.ts'
import { answerRaw, type RawAnswer } from './raw-answer.ts'
import { speak } from './socket.ts'
import type { Stopping } from './stopping.ts'
import { Unanswered } from './unanswered.ts'
import { badHandshake, declineOffer, judgeUpgrade, type UpgradeRules } from './upgrade.ts'

const MAX_MESSAGE_BYTES = 256 * 1024
const MAX_SOCKETS = 1_000
const MAX_SUBSCRIPTIONS_PER_SOCKET = 100
/** For the client's first word. */
const INIT_WAIT_MS = 5_000
/** For the client's last one, when the server stops. */
const CLOSE_WAIT_MS = 1_000
const GOING_AWAY = 1001

const TOO_MANY: RawAnswer = {
  status: '503 Service Unavailable',
  code: 'TOO_MANY_SOCKETS',
  message: 'Too many sockets are open. Try again later.',
}

const STOPPING: RawAnswer = {
  status: '503 Service Unavailable',
  code: 'SERVER_STOPPING',
  message: 'The server is stopping. Try again when it runs again.',
}

const TOO_MANY_SUBSCRIPTIONS = `A socket carries at most ${MAX_SUBSCRIPTIONS_PER_SOCKET} subscriptions. End one, or open another.`

export interface SubscriptionsOptions {
  readonly services: GraphQLServices
  readonly stopping: Stopping
  readonly rules: UpgradeRules
  readonly gate: SocketGate
  readonly limits: QueryLimits
}

/** Serves subscriptions at /graphql, in the protocol graphql-transport-ws. */
export function serveSubscriptions(app: FastifyInstance, options: SubscriptionsOptions): void {
  const { stopping, rules, gate } = options
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, handleProtocols })
  sockets.on('wsClientError', (error, socket, request) => answerRaw(socket, badHandshake(request, error)))
  const graphql = graphqlServer(options, error => app.log.error(error))
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') return declineOffer(app.server, request, socket, head)
    const refusal = stopping.isBegun
      ? STOPPING
      : (judgeUpgrade(request, rules) ?? (sockets.clients.size < MAX_SOCKETS ? undefined : TOO_MANY))
    if (refusal) return answerRaw(socket, refusal)
    const asking = gate.judge(request)
    if ('status' in asking) return answerRaw(socket, asking)
    sockets.handleUpgrade(request, socket, head, opened => {
      gate.opened(opened, asking.address)
      const close = (code: number, reason: string) => opened.close(code, reason)
      speak(graphql, opened, { ...asking, close }, app.log)
    })
  }
  const unanswered = new Unanswered(app.server)
  app.server.on('upgrade', (request, socket, head) => unanswered.after(socket, () => upgrade(request, socket, head)))
  app.addHook('preClose', () => {
    stopping.begin()
    return closeAll(sockets.clients)
  })
}

/** Errors are shaped and masked as over HTTP. */
function graphqlServer(
  { services, gate, limits }: SubscriptionsOptions,
  onUnexpectedError: (error: unknown) => void,
): Server<Speaker> {
  const operations = new SubscriptionOperations(limits)
  const format = errorFormatter({ onUnexpectedError })
  const formatted = (errors: readonly GraphQLError[]) => errors.map(error => format(error.toJSON(), error))
  return makeServer<Record<string, unknown>, Speaker>({
    connectionInitWaitTimeout: INIT_WAIT_MS,
    onConnect: ({ extra, connectionParams }) => gate.introduce(extra, connectionParams),
    onSubscribe({ subscriptions, extra }, _id, request) {
      if (Object.keys(subscriptions).length > MAX_SUBSCRIPTIONS_PER_SOCKET)
        return [refused('TOO_MANY_SUBSCRIPTIONS', TOO_MANY_SUBSCRIPTIONS)]
      const tooOften = gate.excess(extra)
      if (tooOften) return [refused(tooOften.code, tooOften.message)]
      return operations.prepare(request, { ...services, caller: extra.caller })
    },
    onNext: (_context, _id, _request, _args, { data = null, errors }) =>
      errors ? { data, errors: formatted(errors) } : undefined,
    onError: (_context, _id, _request, errors) => formatted(errors),
  })
}

function refused(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } })
}

async function closeAll(clients: Set<WebSocket>): Promise<void> {
  // A close follows every error.
  const closed = [...clients].map(client => new Promise(resolve => client.once('close', resolve)))
  for (const client of clients) client.close(GOING_AWAY, 'The server stops.')
  const timer = setTimeout(() => {
    for (const client of clients) client.terminate()
  }, CLOSE_WAIT_MS)
  await Promise.all(closed)
  clearTimeout(timer)
}
