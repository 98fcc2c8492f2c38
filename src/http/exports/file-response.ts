import type { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { onResponseEnd } from '../client-disconnect.ts'
import { setSlowResponseTimeout } from '../timeouts.ts'

/** Lets clients store a file, and makes them revalidate it each time. */
export const CACHE_HEADERS = { 'cache-control': 'private, no-cache' }

export interface SentFile {
  readonly bytes: number
  /** Lower-case hex. */
  readonly sha256: string
  /** The newest measurement in the file, in milliseconds; null if it has none. */
  readonly asOf: number | null
}

/** Returns the headers that describe a file of accounts. Its name contains `asOf`. */
export function fileHeaders({ bytes, sha256, asOf }: SentFile, extension: string): Record<string, string> {
  const instant = asOf === null ? undefined : new Date(asOf).toISOString()
  const name = instant === undefined ? 'accounts' : `accounts-${instant.slice(0, 19).replace(/[-:]/g, '')}Z`
  return {
    ...CACHE_HEADERS,
    'content-length': String(bytes),
    'content-disposition': `attachment; filename="${name}.${extension}"`,
    'content-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
    ...(instant !== undefined && { 'x-as-of': instant }),
  }
}

/** Sends a file. Closes it when the client disconnects or reads too slowly. */
export function sendFile(reply: FastifyReply, stream: Readable): FastifyReply {
  setSlowResponseTimeout(reply.raw)
  onResponseEnd(reply.raw, () => stream.destroy())
  return reply.send(stream)
}
