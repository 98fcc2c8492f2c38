import { createHash } from 'node:crypto'

/** Returns a strong ETag: equal tags mean equal bytes. */
export function etagOf(contentType: string, body: Buffer): string {
  return `"${createHash('sha256').update(contentType).update('\n').update(body).digest('base64url').slice(0, 27)}"`
}

/** Whether an `If-None-Match` header names the ETag (RFC 9110): as a list, with `W/`, or as `*`. */
export function matchesEtag(etag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some(tag => tag.trim().replace(/^W\//, '') === etag)
}
