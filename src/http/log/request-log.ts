import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { FinishedOperation } from '../operations.ts'

export interface LogOptions {
  /** A query that takes longer is named. */
  readonly slowQueryMs: number
  /** Whether the whole text of operations may be written. Their variables never are. */
  readonly logQueries: boolean
}

export interface AnsweredRequest {
  readonly id: string
  readonly method: string
  readonly route: string | undefined
  readonly status: number
  readonly ms: number
}

/** Writes one line for every request: for GraphQL, of its operation. */
export class RequestLog {
  readonly #logger: FastifyBaseLogger
  readonly #options: LogOptions
  readonly #requests = new WeakMap<object, string>()

  constructor(logger: FastifyBaseLogger, options: LogOptions) {
    this.#logger = logger
    this.#options = options
  }

  /** The path as it was asked is not written: a query may stand in it. */
  answersOf(app: FastifyInstance): void {
    app.addHook('onResponse', ({ id, method, routeOptions }, { statusCode: status, elapsedTime }, done) => {
      this.answered({ id, method, route: routeOptions.url, status, ms: elapsedTime })
      done()
    })
  }

  answered({ id: reqId, method, route, status, ms }: AnsweredRequest): void {
    // An operation has a line of its own.
    const level = route === '/graphql' && status < 400 ? 'debug' : 'info'
    this.#logger[level]({ reqId, method, route, status, ms: rounded(ms) }, 'request')
  }

  executed({ requestId, name, type, hash, text, status, seconds }: FinishedOperation): void {
    const ms = rounded(seconds * 1000)
    const isSlow = type === 'query' && ms > this.#options.slowQueryMs
    const query = this.#options.logQueries ? text : undefined
    const operation = { reqId: requestId, operation: name, type, hash: hash?.slice(0, 16), status, ms, query }
    if (isSlow) this.#logger.warn(operation, 'slow query')
    else this.#logger.info(operation, 'operation')
  }

  /** Remembers whose error this is, for when it turns out to be none of the client's. */
  hear(error: unknown, requestId: string | undefined): void {
    if (typeof error === 'object' && error !== null && requestId) this.#requests.set(error, requestId)
  }

  unexpected(error: unknown): void {
    const reqId = typeof error === 'object' && error !== null ? this.#requests.get(error) : undefined
    this.#logger.error({ reqId, err: error }, error instanceof Error ? error.message : 'unexpected error')
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10
}
