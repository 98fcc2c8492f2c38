import type { IncomingMessage } from 'node:http'
import type { WebSocket } from 'ws'
import type { Caller } from '../../domain/access.ts'
import { type AppError, hasCode } from '../../domain/errors.ts'
import { errorHead } from '../errors.ts'
import type { RawAnswer } from '../raw-answer.ts'
import { addressKey, askingAddress, type Trust } from './address.ts'
import { excess, type Gate } from './gate.ts'

/** Who speaks over a socket. It may say so in the handshake or, as pages in browsers must, in its first message. */
export interface Speaker {
  caller: Caller
  readonly address: string
  close(code: number, reason: string): void
}

export interface SocketGateOptions {
  readonly gate: Gate
  readonly trust: Trust
  readonly socketsPerAddress: number
}

const TOO_MANY_OF_ONE: RawAnswer = {
  status: '429 Too Many Requests',
  code: 'TOO_MANY_SOCKETS',
  message: 'Too many sockets are open from this address. Close some: one carries many subscriptions.',
}
const UNAUTHORIZED = 4401
const TRY_AGAIN_LATER = 1013

/** What `Gate` is to requests, to sockets. */
export class SocketGate {
  readonly #options: SocketGateOptions
  readonly #open = new Map<string, number>()

  constructor(options: SocketGateOptions) {
    this.#options = options
  }

  /** Who asks for a socket, or why it gets none. */
  judge(request: IncomingMessage): Omit<Speaker, 'close'> | RawAnswer {
    const { gate, trust, socketsPerAddress } = this.#options
    const address = askingAddress(request, trust)
    if ((this.#open.get(addressKey(address)) ?? 0) >= socketsPerAddress) return TOO_MANY_OF_ONE
    try {
      const caller = gate.identify(request.headers.authorization, address)
      const tooOften = excess(gate.count(caller, address))
      return tooOften ? refusalOf(tooOften) : { caller, address }
    } catch (error) {
      return refusalOf(error)
    }
  }

  /** Counts a socket for as long as it is open. */
  opened(socket: WebSocket, address: string): void {
    const key = addressKey(address)
    this.#open.set(key, (this.#open.get(key) ?? 0) + 1)
    socket.once('close', () => {
      const left = this.#open.get(key)! - 1
      if (left > 0) this.#open.set(key, left)
      else this.#open.delete(key)
    })
  }

  /** Takes the token of a first message. Whoever then may do nothing is hung up on; false says so. */
  introduce(speaker: Speaker, parameters: Readonly<Record<string, unknown>> = {}): boolean {
    const given = authorizationIn(parameters)
    try {
      if (given !== undefined) speaker.caller = this.#options.gate.identify(given, speaker.address)
    } catch (error) {
      const isLimit = hasCode(error, 'RATE_LIMITED')
      if (!isLimit && !hasCode(error, 'UNAUTHENTICATED')) throw error
      speaker.close(isLimit ? TRY_AGAIN_LATER : UNAUTHORIZED, error.code)
      return false
    }
    if (speaker.caller.role !== null) return true
    speaker.close(UNAUTHORIZED, 'UNAUTHENTICATED')
    return false
  }

  /** Counts what it asks; says so when that is too much. */
  excess({ caller, address }: Speaker): AppError<'RATE_LIMITED'> | undefined {
    return excess(this.#options.gate.count(caller, address))
  }
}

/** Sandbox sends its headers as parameters, spelt as its user does. */
function authorizationIn(parameters: Readonly<Record<string, unknown>>): string | undefined {
  const [, given] = Object.entries(parameters).find(([name]) => name.toLowerCase() === 'authorization') ?? []
  if (given === undefined || given === null) return
  return typeof given === 'string' ? given : ''
}

const STATUS_LINES = { UNAUTHENTICATED: '401 Unauthorized', RATE_LIMITED: '429 Too Many Requests' } as const

function refusalOf(error: unknown): RawAnswer {
  if (!hasCode(error, 'UNAUTHENTICATED') && !hasCode(error, 'RATE_LIMITED')) throw error
  const { code, message } = error
  return { status: STATUS_LINES[code], code, message, headers: errorHead(error).headers }
}
