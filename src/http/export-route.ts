import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { EXPORT_FORMATS, type Exporter, type ExportFormat, type ExportSummary } from '../domain/exporter.ts'
import { parseListArguments } from '../graphql/json-arguments.ts'
import { limitAnswerTime } from './answer-time.ts'
import { exportParameters } from './export-request.ts'
import { CACHING, fileHeaders } from './file-headers.ts'
import { goneSignal, onGone } from './gone.ts'
import { refuseForeignPages } from './origin.ts'
import type { Outgoing } from './outgoing.ts'
import { isKnown } from './responses/etag.ts'

export interface ExportRouteOptions {
  readonly exporter: Exporter
  readonly dataVersion: () => number
  readonly outgoing: Outgoing
}

const CONTENT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
}

const MAX_KNOWN_TAGS = 1_000

/** Sends whole lists of accounts, at /export.csv and its like. */
export function serveExports(app: FastifyInstance, options: ExportRouteOptions): void {
  const tags = new LRUCache<string, string>({ max: MAX_KNOWN_TAGS })
  for (const format of EXPORT_FORMATS) {
    app.route({
      method: ['GET', 'HEAD'],
      url: `/export.${format}`,
      config: { right: 'read' },
      onRequest: refuseForeignPages('ask for exports'),
      handler: (request, reply) => answer(options, tags, format, request, reply),
    })
  }
}

async function answer(
  { exporter, dataVersion, outgoing }: ExportRouteOptions,
  tags: LRUCache<string, string>,
  format: ExportFormat,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const { filter, order } = parseListArguments(exportParameters(request.url))
  const { 'if-none-match': had } = request.headers
  // Not by what was ingested last: a repair changes what is derived from it.
  const version = dataVersion()
  const key = JSON.stringify([format, filter, order, version])
  const known = tags.get(key)
  if (known !== undefined && isKnown(known, had)) return sayUnchanged(reply, known)

  const signal = goneSignal(reply.raw)
  const { maxFileBytes: maxBytes } = outgoing
  const file = await outgoing.make(path => exporter.export({ filter, order, format, path, maxBytes }, { signal }))
  const { summary } = file
  const tag = `"${summary.sha256}"`
  if (dataVersion() === version) tags.set(key, tag)
  if (signal.aborted || request.method === 'HEAD' || isKnown(tag, had)) {
    await file.close()
    return isKnown(tag, had) ? sayUnchanged(reply, tag) : describe(reply, format, summary, tag).send()
  }
  limitAnswerTime(reply.raw)
  const stream = file.stream()
  onGone(reply.raw, () => stream.destroy())
  return describe(reply, format, summary, tag).send(stream)
}

function sayUnchanged(reply: FastifyReply, etag: string): FastifyReply {
  return reply
    .code(304)
    .headers({ ...CACHING, etag })
    .send()
}

function describe(reply: FastifyReply, format: ExportFormat, summary: ExportSummary, etag: string): FastifyReply {
  return reply.headers({
    ...fileHeaders(summary, format),
    etag,
    'content-type': CONTENT_TYPES[format],
    'x-account-count': summary.rows,
    'x-content-type-options': 'nosniff',
  })
}
