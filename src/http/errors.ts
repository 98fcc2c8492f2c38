import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AccessDenied } from '../domain/access.ts'
import type { DatabaseFault } from '../domain/database-fault.ts'
import { BadArgument, type ErrorCode, ReadGivenUp, Refusal, type RequestErrorCode } from '../domain/errors.ts'
import { RateLimited, rateHeaders } from './access/rate-limiter.ts'
import { PROTOTYPE_KEY } from './responses/json-text.ts'

/** What may refuse a request with a code of its own. */
type Refused = DatabaseFault | Refusal

/** A GraphQL answer that is nothing but one error: what a client can parse, whatever went wrong before GraphQL. */
export function graphqlError(code: RequestErrorCode | Refused['code'], message: string) {
  return { errors: [{ message, extensions: { code } }] }
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

/** Of what is thrown outside of GraphQL. */
const STATUS: Partial<Readonly<Record<ErrorCode | RequestErrorCode, number>>> = {
  EXPORT_TOO_LARGE: 422,
  DATABASE_FULL: 507,
}

/** Answers in GraphQL JSON what fails before or around GraphQL, in words of ours: the framework's tell of its insides. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof BadArgument) return reply.code(400).send(graphqlError('BAD_USER_INPUT', error.message))
    if (error instanceof AccessDenied) {
      reply.code(error.httpStatus).header('www-authenticate', error.challenge)
      return reply.send(graphqlError(error.code, error.message))
    }
    if (error instanceof RateLimited) {
      return reply.code(429).headers(rateHeaders(error.allowance)).send(graphqlError(error.code, error.message))
    }
    if (error instanceof ReadGivenUp || error instanceof Refusal) {
      return reply.code(STATUS[error.code] ?? 503).send(graphqlError(error.code, error.message))
    }
    const known = ANSWERS[error.code]
    if (known) return reply.code(known[0]).send(graphqlError(known[1], known[2]))
    if (error.statusCode !== undefined && error.statusCode < 500) {
      return reply.code(error.statusCode).send(graphqlError('BAD_REQUEST', 'The request cannot be understood.'))
    }
    request.log.error(error)
    return reply.code(500).send(graphqlError('INTERNAL_SERVER_ERROR', 'The server failed to answer; its log says why.'))
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
