import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { IngestPayload } from '../../support/program/ingest.ts'
import type { GraphQLErrorJson, TestServer } from '../../support/program/server.ts'
import { until } from '../../support/until.ts'

export interface Uploaded {
  readonly status: number
  /** The payload of the mutation, or the errors of a refused request. */
  readonly body: IngestPayload & { readonly errors?: readonly GraphQLErrorJson[] }
}

export type Parameters = Readonly<Record<string, string | boolean>>

/** Sends bytes to /ingest as a program does. */
export async function upload(server: TestServer, body: Uint8Array, parameters: Parameters = {}): Promise<Uploaded> {
  const texts = Object.entries(parameters).map(([name, value]) => [name, String(value)])
  const query = new URLSearchParams(Object.fromEntries(texts))
  const response = await fetch(`${server.origin}/ingest?${query}`, { method: 'POST', body: new Uint8Array(body) })
  return { status: response.status, body: (await response.json()) as Uploaded['body'] }
}

export async function uploadFile(server: TestServer, path: string, parameters: Parameters = {}): Promise<Uploaded> {
  return upload(server, await readFile(path), parameters)
}

/** Waits until so many are there: an answer may come a moment before its file is gone. */
export async function untilIncoming(folder: string, count: number): Promise<void> {
  await until(async () => (await incomingFiles(folder)).length === count, `${count} incoming files`)
}

/** The files that are there between being sent and being ingested. */
export async function incomingFiles(folder: string): Promise<string[]> {
  return readdir(join(folder, 'data', '.incoming')).catch(() => [])
}

/** How many bytes of theirs are there. */
export async function incomingBytes(folder: string): Promise<number> {
  const files = (await incomingFiles(folder)).map(name => stat(join(folder, 'data', '.incoming', name)))
  return (await Promise.all(files)).reduce((bytes, { size }) => bytes + size, 0)
}
