import type { Duplex } from 'node:stream'
import type { RequestErrorCode } from '../domain/errors.ts'
import { graphqlError } from './errors.ts'

/** An answer to what never becomes a request of the framework's. */
export interface RawAnswer {
  /** With its words, as in `400 Bad Request`. */
  readonly status: string
  readonly code: RequestErrorCode
  readonly message: string
  readonly headers?: Readonly<Record<string, string>>
}

/** For the client to read the answer and hang up. Cut at once, it might not see it. */
const LAST_WORD_MS = 2_000

/** Answers in GraphQL JSON on the bare connection and closes it, whether the client closes its end or not. */
export function answerRaw(socket: Duplex, { status, code, message, headers: more = {} }: RawAnswer): void {
  const body = JSON.stringify(graphqlError(code, message))
  const headers = {
    Connection: 'close',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    ...more,
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const timer = setTimeout(() => socket.destroy(), LAST_WORD_MS).unref()
  socket.on('error', () => {}).once('close', () => clearTimeout(timer))
  socket.end([`HTTP/1.1 ${status}`, ...lines, '', body].join('\r\n'))
  // What else it sends is of no interest, but its end is.
  socket.resume()
}
