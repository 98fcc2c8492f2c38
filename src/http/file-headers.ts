/** To be asked again each time: the server knows whether it is still the same. */
export const CACHING = { 'cache-control': 'private, no-cache' }

export interface SentFile {
  readonly bytes: number
  /** Lower-case hex. */
  readonly sha256: string
  /** Of the newest measurement in it; null when there is none. */
  readonly asOf: number | null
}

/** What an answer that is a file of accounts says of it; its name tells which day's it is. */
export function fileHeaders({ bytes, sha256, asOf }: SentFile, extension: string): Record<string, string> {
  const at = asOf === null ? undefined : new Date(asOf).toISOString()
  const name = at === undefined ? 'accounts' : `accounts-${at.slice(0, 19).replace(/[-:]/g, '')}Z`
  return {
    ...CACHING,
    'content-length': String(bytes),
    'content-disposition': `attachment; filename="${name}.${extension}"`,
    'content-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
    ...(at !== undefined && { 'x-as-of': at }),
  }
}
