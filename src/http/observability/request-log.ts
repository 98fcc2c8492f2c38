import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { IngestOutcome } from '../../domain/ingestor.ts'
import type { FinishedOperation } from './operations.ts'

export interface LogOptions {
  /** Queries that take longer are logged as warnings. */
  readonly slowQueryMs: number
  /** Whether the text of operations is logged. Their variables never are. */
  readonly logQueries: boolean
}

/** Logs one line for each request, and one for each GraphQL operation. */
export class RequestLog {
  readonly #logger: FastifyBaseLogger
  readonly #options: LogOptions
  readonly #requestIds = new WeakMap<object, string>()

  constructor(logger: FastifyBaseLogger, options: LogOptions) {
    this.#logger = logger
    this.#options = options
  }

  /** The hook that logs requests. */
  readonly plugin = fp(async (app: FastifyInstance) => this.#addHook(app), { name: 'request-log' })

  #addHook(app: FastifyInstance): void {
    // Logs the route rather than the path, which can contain a query.
    app.addHook('onResponse', ({ id: reqId, method, routeOptions: { url: route } }, reply, done) => {
      const { statusCode: status, elapsedTime } = reply
      // An operation has its own line.
      const level = route === '/graphql' && status < 400 ? 'debug' : 'info'
      this.#logger[level]({ reqId, method, route, status, ms: rounded(elapsedTime) }, 'request')
      done()
    })
  }

  logOperation({ requestId, name, type, hash, text, status, seconds }: FinishedOperation): void {
    const ms = rounded(seconds * 1000)
    const isSlow = type === 'query' && ms > this.#options.slowQueryMs
    const query = this.#options.logQueries ? text : undefined
    const operation = { reqId: requestId, operation: name, type, hash: hash?.slice(0, 16), status, ms, query }
    if (isSlow) this.#logger.warn(operation, 'slow query')
    else this.#logger.info(operation, 'operation')
  }

  /** Remembers the request of an error, for `logUnexpectedError`. */
  rememberRequest(error: unknown, requestId: string | undefined): void {
    if (typeof error === 'object' && error !== null && requestId) this.#requestIds.set(error, requestId)
  }

  logUnexpectedError(error: unknown): void {
    const reqId = typeof error === 'object' && error !== null ? this.#requestIds.get(error) : undefined
    this.#logger.error({ reqId, err: error }, error instanceof Error ? error.message : 'unexpected error')
  }
}

/** Logs one line for each file that is rejected or whose ingestion has ended. */
export function logIngestion(logger: FastifyBaseLogger, { ingestion, alreadyIngested, error }: IngestOutcome): void {
  if (!ingestion) {
    logger.info({ code: error?.code }, 'file refused')
    return
  }
  const { id, fileName: file, status, startedAt, finishedAt } = ingestion
  if (alreadyIngested) {
    logger.info({ ingestion: id, file }, 'file already ingested')
    return
  }
  const { rowsRead, inserted, corrected, unchanged, rejected } = ingestion
  const ms = startedAt === null || finishedAt === null ? undefined : finishedAt - startedAt
  const rows = { rowsRead, inserted, corrected, unchanged, rejected }
  logger.info({ ingestion: id, file, status, code: error?.code, ms, ...rows }, 'ingestion')
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10
}
