import { createHash } from 'node:crypto'
import { readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { TestServer } from '../../support/program/server.ts'

export interface Download {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array
  /** Of an answer that is no export. */
  readonly code: string | undefined
  readonly message: string | undefined
}

export type ExportParameters = Readonly<Record<string, unknown>>

export function exportUrl(server: TestServer, format: string, parameters: ExportParameters = {}): string {
  const texts = Object.entries(parameters).map(([name, value]) => [name, JSON.stringify(value)])
  return `${server.origin}/export.${format}?${new URLSearchParams(Object.fromEntries(texts))}`
}

/** Asks for an export as a program does. What it says of itself must be true. */
export async function download(
  server: TestServer,
  format: string,
  parameters: ExportParameters = {},
  init: RequestInit = {},
): Promise<Download> {
  const response = await fetch(exportUrl(server, format, parameters), init)
  const bytes = new Uint8Array(await response.arrayBuffer())
  const { status, headers } = response
  if (status === 200 && init.method !== 'HEAD') {
    const digest = createHash('sha256').update(bytes)
    expect(headers.get('content-length')).toBe(String(bytes.length))
    expect(headers.get('content-digest')).toBe(`sha-256=:${digest.digest('base64')}:`)
  }
  const [error] = status >= 400 && bytes.length > 0 ? JSON.parse(Buffer.from(bytes).toString()).errors : []
  return { status, headers, bytes, code: error?.extensions.code, message: error?.message }
}

export async function save(path: string, { bytes }: Download): Promise<string> {
  await writeFile(path, bytes)
  return path
}

/** The files that are there while an export is written. */
export async function outgoingFiles(databasePath: string): Promise<string[]> {
  return readdir(join(dirname(databasePath), '.exports')).catch(() => [])
}
