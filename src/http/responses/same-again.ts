import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { REQUEST_ID, requestId } from '../log/request-id.ts'
import type { KeptAnswer, ResponseCache } from './response-cache.ts'

/** What came of a request, as it is told of each time. */
export interface SentAgain {
  readonly id: string
  readonly method: string
  readonly status: number
  readonly seconds: number
  readonly answer: KeptAnswer
}

export interface SameAgainOptions {
  readonly responses: ResponseCache
  /** Whether requests are taken as they were before. */
  readonly isOpen: () => boolean
  readonly onSent: (sent: SentAgain) => void
}

/** An answer with its head, and where the cache has it. */
interface Known {
  readonly key: string
  readonly answer: KeptAnswer
  readonly status: number
  readonly head: readonly string[]
}

/** A request that was not looked at yet. */
interface Asked {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly began: number
}

/** Callers of the same query differ in their headers. */
const MAX_KNOWN = 1_000
const MAX_KEY_LENGTH = 8_192

/**
 * Answers a request that is the same, from its first header to the last byte of its body and from the same address, as
 * one that was answered out of the cache, before the framework sees it. All that is asked on the way there (host,
 * origin, token, types) would be asked of the same words, and answered the same. What is not in the words is asked here:
 * whether anything was committed, and whether the server stops. docs/adr/0008-response-cache.md.
 */
export class SameAgain {
  readonly #options: SameAgainOptions
  readonly #known = new LRUCache<string, Known>({ max: MAX_KNOWN })
  readonly #waiting: Asked[] = []
  /** The words of what was let through. */
  readonly #asked = new WeakMap<IncomingMessage, string>()

  constructor(options: SameAgainOptions) {
    this.#options = options
  }

  /** Has those who listen for requests now asked only for what is new. */
  standBefore(server: Server): void {
    const listeners = server.listeners('request') as RequestListener[]
    server.removeAllListeners('request')
    const goOn: RequestListener = (request, response) => {
      for (const listener of listeners) listener.call(server, request, response)
    }
    server.on('request', (request, response) => {
      if (!this.#mayBeKnown(request)) return goOn(request, response)
      const count = this.#waiting.push({ request, response, began: performance.now() })
      if (count === 1) setImmediate(() => this.#answerWaiting(goOn))
    })
  }

  /**
   * Those that come in one turn of the event loop wait for its end. By then the bodies are here that came along with
   * their heads, and it is asked once for all of them whether anything was committed.
   */
  #answerWaiting(goOn: RequestListener): void {
    const waiting = this.#waiting.splice(0)
    const isCurrent = this.#isCurrent()
    for (const asked of waiting) {
      if (!(isCurrent && this.#answer(asked))) goOn(asked.request, asked.response)
    }
  }

  /** What was committed is known now. If it cannot be, the framework is to fail and to tell of it. */
  #isCurrent(): boolean {
    try {
      this.#options.responses.version()
      return true
    } catch {
      return false
    }
  }

  /** Remembers what has been put into `reply`, to be sent. */
  learn(found: Pick<Known, 'key' | 'answer'>, request: FastifyRequest, reply: FastifyReply): void {
    const words = this.#asked.get(request.raw)
    if (words === undefined || words.length > MAX_KEY_LENGTH) return
    const status = reply.statusCode
    const length = status === 304 ? {} : { 'content-length': found.answer.body.length }
    const headers = Object.entries({ ...reply.getHeaders(), ...length })
    const head = headers.flatMap(([name, value]) => (name === REQUEST_ID ? [] : [name, String(value)]))
    this.#known.set(words, { ...found, status, head })
  }

  #mayBeKnown(request: IncomingMessage): boolean {
    return isPlain(request) && this.#options.isOpen()
  }

  #answer({ request, response, began }: Asked): boolean {
    const { headers, readableLength } = request
    if (readableLength !== Number(headers['content-length'] ?? 0)) return false
    const body: Buffer | null = readableLength > 0 ? request.read() : null
    const words = wordsOf(request, body?.toString())
    const known = this.#known.get(words)
    if (!known || !this.#options.responses.isKept(known.key, known.answer)) {
      this.#asked.set(request, words)
      if (body) request.unshift(body)
      return false
    }
    const { answer, status, head } = known
    const id = requestId(request)
    response.writeHead(status, [...head, REQUEST_ID, id])
    response.end(status === 304 ? undefined : answer.body)
    this.#options.onSent({ id, method: request.method!, status, seconds: (performance.now() - began) / 1000, answer })
    return true
  }
}

/** One that brings an id of its own is new each time. */
function isPlain({ method, url, headers }: IncomingMessage): boolean {
  if (method !== 'POST' && method !== 'GET') return false
  return url!.startsWith('/graphql') && !headers[REQUEST_ID] && !headers['transfer-encoding']
}

/** Only the last part can hold a line break. Where bytes are no text, they are read as the framework reads them. */
function wordsOf({ method, url, httpVersion, rawHeaders, socket }: IncomingMessage, body = ''): string {
  return `${method} ${url} ${httpVersion}\n${socket.remoteAddress}\n${rawHeaders.join('\n')}\n\n${body}`
}
