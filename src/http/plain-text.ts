import type { FastifyReply, FastifyRequest } from 'fastify'
import { graphqlError } from './errors.ts'

const CHARSET = /;\s*charset="?([^";\s]*)/i

/** Refuses bodies whose bytes are not the text itself in UTF-8. */
export async function requirePlainText({ method, headers }: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = headers
  const charset = CHARSET.exec(type)?.[1] ?? 'utf-8'
  if (method !== 'POST' || (/^utf-?8$/i.test(charset) && /^identity$/i.test(encoding))) return
  const message = 'Send the query as Content-Type: application/json, in UTF-8 and not compressed.'
  return reply.code(415).send(graphqlError('UNSUPPORTED_MEDIA_TYPE', message))
}
