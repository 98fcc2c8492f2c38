import type { ApolloServerPlugin } from '@apollo/server'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import {
  type AppError,
  type AppErrorCode,
  type ErrorDetails,
  INTERNAL_ERROR_MESSAGE,
  isAppError,
  isFileErrorCode,
  type RequestErrorCode,
} from '../domain/errors.ts'
import { rateLimitHeaders } from './auth/rate-limiter.ts'

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
  METHOD_NOT_ALLOWED: 405,
  FILE_CHANGED: 409,
  INGESTION_CANCELLED: 409,
  NOT_CANCELLABLE: 409,
  NOT_LATEST_INGESTION: 409,
  FILE_TOO_LARGE: 413,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  EXPORT_TOO_LARGE: 422,
  RATE_LIMITED: 429,
  TOO_MANY_SOCKETS: 429,
  QUERY_TIMEOUT: 503,
  QUERY_MEMORY_LIMIT: 503,
  QUERY_INTERRUPTED: 503,
  TOO_MANY_QUERIES: 503,
  INGESTION_INTERRUPTED: 503,
  QUEUE_FULL: 503,
  DATABASE_BUSY: 503,
  DATABASE_READ_ONLY: 503,
  SNAPSHOT_BUSY: 503,
  SERVER_STOPPING: 503,
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
  if (rateLimit) return rateLimitHeaders(rateLimit)
  if (code === 'UNAUTHENTICATED') {
    return { 'www-authenticate': isTokenUnknown ? `${CHALLENGE}, error="invalid_token"` : CHALLENGE }
  }
  if (requiredRole !== undefined) {
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

/** Statuses, codes and messages of Fastify's own errors, whose messages describe the framework. */
const FASTIFY_ERRORS: Readonly<Record<string, readonly [status: number, code: RequestErrorCode, message: string]>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: [
    400,
    'BAD_REQUEST',
    'The body is not valid JSON, or has a key that is not allowed: __proto__, or constructor with prototype in it.',
  ],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'BAD_REQUEST', 'The body is empty. Send a JSON object with a query.'],
  FST_ERR_CTP_BODY_TOO_LARGE: [
    413,
    'PAYLOAD_TOO_LARGE',
    'The body is too large. Send a shorter query, or pass values as variables.',
  ],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the query as Content-Type: application/json.'],
}

/** Formats every error outside GraphQL as GraphQL JSON. */
export const errorResponses = fp(
  async app => {
    app.setErrorHandler((error: FastifyError, request, reply) => {
      if (isAppError(error) && httpStatus(error.code) !== 500) {
        const { status, headers } = errorHead(error)
        return reply.code(status).headers(headers).send(graphqlError(error.code, error.message))
      }
      const known = FASTIFY_ERRORS[error.code]
      if (known) return reply.code(known[0]).send(graphqlError(known[1], known[2]))
      if (error.statusCode !== undefined && error.statusCode < 500) {
        return reply.code(error.statusCode).send(graphqlError('BAD_REQUEST', 'The server cannot parse the request.'))
      }
      request.log.error(error)
      return reply.code(500).send(graphqlError('INTERNAL_SERVER_ERROR', INTERNAL_ERROR_MESSAGE))
    })
    app.setNotFoundHandler((request, reply) => {
      const path = request.url.split('?')[0]!.slice(0, 100)
      if (/^\/graphql\/?$/.test(path)) {
        return methodNotAllowed(reply, 'GET, POST', `The API does not accept ${request.method}. Use POST.`)
      }
      if (/^\/export\.(csv|ndjson|parquet)\/?$/.test(path)) {
        return methodNotAllowed(reply, 'GET, HEAD', `Exports do not accept ${request.method}. Use GET.`)
      }
      const message = `There is nothing at ${path}. The API is at /graphql. Files are sent to /ingest, exports are at /export.csv.`
      return reply.code(404).send(graphqlError('NOT_FOUND', message))
    })
  },
  { name: 'error-responses' },
)

/** Sends METHOD_NOT_ALLOWED. @param allow the methods that the path accepts */
export function methodNotAllowed(reply: FastifyReply, allow: string, message: string): FastifyReply {
  const code = 'METHOD_NOT_ALLOWED'
  return reply.code(httpStatus(code)).header('allow', allow).send(graphqlError(code, message))
}

/** Answers a request whose address Fastify cannot parse. */
export function handleFrameworkError(_error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  reply.code(400).send(graphqlError('BAD_REQUEST', 'The address is not valid. The API is at /graphql.'))
}
