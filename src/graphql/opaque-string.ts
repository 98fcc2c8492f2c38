import { crc32 } from 'node:zlib'

/** Incremented when the encoded values change their meaning. */
const VERSION = 1

const CHECKSUM_BYTES = 4

export type OpaqueValue = string | number | null

/**
 * Encodes `values` as an opaque string, for cursors and node ids. Numbers keep their exact value. The checksum detects
 * damage, not forgery: the caller still validates every decoded value.
 */
export function encodeOpaque(values: readonly OpaqueValue[]): string {
  const body = Buffer.from(JSON.stringify([VERSION, ...values]))
  return Buffer.concat([checksum(body), body]).toString('base64url')
}

/** Returns the encoded values, or undefined when `text` is damaged or has another version. */
export function decodeOpaque(text: string): readonly unknown[] | undefined {
  const bytes = Buffer.from(text, 'base64url')
  // Buffer.from skips invalid characters and spare bits. Two texts must not decode to the same values.
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
