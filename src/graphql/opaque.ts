import { crc32 } from 'node:zlib'

/** Changes when the values inside an id or a cursor take another form. */
const VERSION = 1

const CHECKSUM_BYTES = 4

export type Sealable = string | number | null

/**
 * Opaque text that holds `values` exactly (JSON writes a double with as many digits as it takes to read it back), for
 * cursors and node ids. The checksum is there to tell damage, not forgery: whoever unseals still checks every value.
 */
export function seal(values: readonly Sealable[]): string {
  const body = Buffer.from(JSON.stringify([VERSION, ...values]))
  return Buffer.concat([checksum(body), body]).toString('base64url')
}

/** The values, or undefined when the text was damaged or is none of this version. */
export function unseal(text: string): readonly unknown[] | undefined {
  const bytes = Buffer.from(text, 'base64url')
  // Decoding skips foreign characters and spare bits, which must not make two texts mean one thing.
  if (bytes.length <= CHECKSUM_BYTES || bytes.toString('base64url') !== text) return undefined
  const body = bytes.subarray(CHECKSUM_BYTES)
  if (!checksum(body).equals(bytes.subarray(0, CHECKSUM_BYTES))) return undefined
  const [version, ...values] = parseArray(body.toString())
  return version === VERSION ? values : undefined
}

function parseArray(text: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(text)
    return Array.isArray(parsed) ? parsed : []
  } catch {
    return []
  }
}

function checksum(body: Buffer): Buffer {
  const bytes = Buffer.alloc(CHECKSUM_BYTES)
  bytes.writeUInt32BE(crc32(body))
  return bytes
}
