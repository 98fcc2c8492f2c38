import { crc32 } from 'node:zlib'

/** Returns an opaque string with a valid checksum and any body. */
export function forgeOpaque(body: string): string {
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([checksum, Buffer.from(body)]).toString('base64url')
}
