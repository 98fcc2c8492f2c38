import type { FastifyReply, FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import type { Caller } from '../../domain/access.ts'
import { AppError, hasCode } from '../../domain/errors.ts'
import type { Authenticator } from '../auth/authenticator.ts'
import { rateLimitKey } from '../auth/rate-limiter.ts'
import { graphqlError } from '../errors.ts'

/** The client of a WebSocket. */
export interface SocketClient {
  /** Authenticated by the handshake, or by the first message as pages in browsers must. */
  caller: Caller
  readonly address: string
  close(code: number, reason: string): void
}

const UNAUTHORIZED = 4401
const TRY_AGAIN_LATER = 1013

/**
 * Authenticates `connection_init`. Closes the socket and returns false when the token is unknown or the client has no
 * role.
 */
export function authenticateSocket(
  authenticator: Authenticator,
  client: SocketClient,
  parameters: Readonly<Record<string, unknown>> = {},
): boolean {
  const authorization = authorizationParameter(parameters)
  try {
    if (authorization !== undefined) client.caller = authenticator.authenticate(authorization, client.address)
  } catch (error) {
    if (hasCode(error, 'RATE_LIMITED')) client.close(TRY_AGAIN_LATER, error.code)
    else if (hasCode(error, 'UNAUTHENTICATED')) client.close(UNAUTHORIZED, error.code)
    else throw error
    return false
  }
  if (client.caller.role !== null) return true
  client.close(UNAUTHORIZED, 'UNAUTHENTICATED')
  return false
}

/** Sandbox sends its headers as parameters, in its user's spelling. */
function authorizationParameter(parameters: Readonly<Record<string, unknown>>): string | undefined {
  const [, value] = Object.entries(parameters).find(([name]) => name.toLowerCase() === 'authorization') ?? []
  if (value === undefined || value === null) return
  return typeof value === 'string' ? value : ''
}

const MAX_SOCKETS = 1_000

/** Limits the open WebSockets, in total and from each address. */
export class SocketLimit {
  readonly #maxPerAddress: number
  readonly #open = new Map<string, number>()
  #count = 0

  constructor(maxPerAddress: number) {
    this.#maxPerAddress = maxPerAddress
  }

  /** A hook that rejects a handshake above the limits with TOO_MANY_SOCKETS. */
  readonly onRequest = async ({ ws, ip }: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    if (!ws) return
    if (this.#count >= MAX_SOCKETS) {
      const message = 'Too many WebSockets are open. Try again later.'
      return reply.code(503).send(graphqlError('TOO_MANY_SOCKETS', message))
    }
    if ((this.#open.get(rateLimitKey(ip)) ?? 0) < this.#maxPerAddress) return
    const message = 'Too many WebSockets are open from this address. Close some: one carries many subscriptions.'
    throw new AppError('TOO_MANY_SOCKETS', message)
  }

  /** Counts a socket until it closes. */
  add(socket: WebSocket, address: string): void {
    const key = rateLimitKey(address)
    this.#count++
    this.#open.set(key, (this.#open.get(key) ?? 0) + 1)
    socket.once('close', () => {
      this.#count--
      const left = this.#open.get(key)! - 1
      if (left > 0) this.#open.set(key, left)
      else this.#open.delete(key)
    })
  }
}
