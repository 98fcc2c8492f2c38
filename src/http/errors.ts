import type { ApolloServerPlugin } from '@apollo/server'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  type AppError,
  type AppErrorCode,
  type ErrorDetails,
  INTERNAL_ERROR_MESSAGE,
  isAppError,
  isFileErrorCode,
  type RequestErrorCode,
} from '../domain/errors.ts'
import { rateHeaders } from './access/rate-limiter.ts'
import { PROTOTYPE_KEY } from './responses/json-text.ts'

/** A GraphQL response that consists of one error, so that a client can parse it whatever failed before GraphQL. */
export function graphqlError(code: AppErrorCode, message: string) {
  return { errors: [{ message, extensions: { code } }] }
}

const STATUS: Partial<Readonly<Record<AppErrorCode, number>>> = {
  BAD_REQUEST: 400,
  BAD_USER_INPUT: 400,
  QUERY_TOO_COMPLEX: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  FILE_CHANGED: 409,
  INGESTION_CANCELLED: 409,
  NOT_CANCELLABLE: 409,
  NOT_LATEST_INGESTION: 409,
  FILE_TOO_LARGE: 413,
  EXPORT_TOO_LARGE: 422,
  RATE_LIMITED: 429,
  QUERY_TIMEOUT: 503,
  QUERY_MEMORY_LIMIT: 503,
  QUERY_INTERRUPTED: 503,
  TOO_MANY_QUERIES: 503,
  INGESTION_INTERRUPTED: 503,
  QUEUE_FULL: 503,
  DATABASE_BUSY: 503,
  DATABASE_READ_ONLY: 503,
  SNAPSHOT_BUSY: 503,
  DATABASE_FULL: 507,
  SNAPSHOT_NO_SPACE: 507,
}

/** The HTTP status of an error: 422 when a file is at fault, 500 for an error that the client cannot act on. */
export function httpStatus(code: AppErrorCode): number {
  return STATUS[code] ?? (isFileErrorCode(code) ? 422 : 500)
}

const CHALLENGE = 'Bearer realm="account-growth"'

/** The status and headers of the response to an error: `WWW-Authenticate` (RFC 6750) and the rate limit. */
export function errorHead({ code, details }: AppError): {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
} {
  return { status: httpStatus(code), headers: headersOf(code, details) }
}

function headersOf(
  code: AppErrorCode,
  { isTokenUnknown, requiredRole, rateLimit }: ErrorDetails,
): Readonly<Record<string, string>> {
  if (rateLimit) return rateHeaders(rateLimit)
  if (code === 'UNAUTHENTICATED') {
    return { 'www-authenticate': isTokenUnknown ? `${CHALLENGE}, error="invalid_token"` : CHALLENGE }
  }
  if (code === 'FORBIDDEN') {
    return { 'www-authenticate': `${CHALLENGE}, error="insufficient_scope", scope="${requiredRole}"` }
  }
  return {}
}

/** Sets the status and headers of errors that Apollo Server reports before it executes an operation. */
export function setErrorHeads(): ApolloServerPlugin {
  return {
    requestDidStart: async () => ({
      async didEncounterErrors({ errors, response: { http } }) {
        const [error] = errors
        // An error with a path is a part of a response that has data.
        if (!error || error.path || !isAppError(error.originalError)) return
        const { status, headers } = errorHead(error.originalError)
        http.status = status
        for (const [name, value] of Object.entries(headers)) http.headers.set(name, value)
      },
    }),
  }
}

const ANSWERS: Readonly<Record<string, readonly [status: number, code: RequestErrorCode, message: string]>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'BAD_REQUEST', 'The body is not valid JSON.'],
  [PROTOTYPE_KEY]: [
    400,
    'BAD_REQUEST',
    'The body has an object with a key that is not taken: __proto__, or constructor with prototype within it.',
  ],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'BAD_REQUEST', 'The body is empty. Send a JSON object with a query.'],
  FST_ERR_CTP_BODY_TOO_LARGE: [
    413,
    'PAYLOAD_TOO_LARGE',
    'The body is too large. Send a shorter query, or pass values as variables.',
  ],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the query as Content-Type: application/json.'],
}

/** Answers in GraphQL JSON what fails before or around GraphQL, in words of ours: the framework's tell of its insides. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (isAppError(error) && httpStatus(error.code) !== 500) {
      const { status, headers } = errorHead(error)
      return reply.code(status).headers(headers).send(graphqlError(error.code, error.message))
    }
    const known = ANSWERS[error.code]
    if (known) return reply.code(known[0]).send(graphqlError(known[1], known[2]))
    if (error.statusCode !== undefined && error.statusCode < 500) {
      return reply.code(error.statusCode).send(graphqlError('BAD_REQUEST', 'The request cannot be understood.'))
    }
    request.log.error(error)
    return reply.code(500).send(graphqlError('INTERNAL_SERVER_ERROR', INTERNAL_ERROR_MESSAGE))
  })
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]!.slice(0, 100)
    if (/^\/graphql\/?$/.test(path)) {
      const message = `${request.method} is not for the API. Use POST.`
      return reply.code(405).header('allow', 'GET, POST').send(graphqlError('METHOD_NOT_ALLOWED', message))
    }
    if (/^\/export\.(csv|ndjson|parquet)\/?$/.test(path)) {
      const message = `${request.method} is not for exports. Use GET.`
      return reply.code(405).header('allow', 'GET, HEAD').send(graphqlError('METHOD_NOT_ALLOWED', message))
    }
    const message = `There is nothing at ${path}. The API is at /graphql. Files are sent to /ingest, exports are at /export.csv.`
    return reply.code(404).send(graphqlError('NOT_FOUND', message))
  })
}

/** What fails before a request has a route. */
export function answerFrameworkError(_error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  reply.code(400).send(graphqlError('BAD_REQUEST', 'This is not a valid address. The API is at /graphql.'))
}
