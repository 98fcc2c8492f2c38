import { createHash } from 'node:crypto'

/** A strong one: the same tag is the same bytes. */
export function etagOf(contentType: string, body: Buffer): string {
  return `"${createHash('sha256').update(contentType).update('\n').update(body).digest('base64url').slice(0, 27)}"`
}

/** Whether the client has an answer already (RFC 9110, If-None-Match). */
export function isKnown(etag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some(tag => tag.trim().replace(/^W\//, '') === etag)
}
