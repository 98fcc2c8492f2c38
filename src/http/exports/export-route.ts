import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { EXPORT_FORMATS, type Exporter, type ExportFormat, type ExportSummary } from '../../domain/exporter.ts'
import { parseListArguments } from '../../graphql/json-arguments.ts'
import { matchesEtag } from '../cache/etag.ts'
import { responseEndSignal } from '../client-disconnect.ts'
import { rejectForeignPages } from '../origin-check.ts'
import { queryParameters } from '../query-parameters.ts'
import type { ExportFileStore } from './export-file-store.ts'
import { CACHE_HEADERS, fileHeaders, sendFile } from './file-response.ts'

export interface ExportRouteOptions {
  readonly exporter: Exporter
  readonly dataVersion: () => number
  readonly files: ExportFileStore
}

const PARAMETERS: readonly string[] = ['filter', 'orderBy']

const CONTENT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
}

const MAX_ETAGS = 1_000

/** Sends complete lists of accounts at /export.csv, /export.ndjson and /export.parquet. */
export async function exportRoutes(app: FastifyInstance, options: ExportRouteOptions): Promise<void> {
  const etags = new LRUCache<string, string>({ max: MAX_ETAGS })
  for (const format of EXPORT_FORMATS) {
    app.route({
      method: ['GET', 'HEAD'],
      url: `/export.${format}`,
      config: { role: 'read' },
      onRequest: rejectForeignPages('export data'),
      handler: (request, reply) => sendExport(options, etags, format, request, reply),
    })
  }
}

async function sendExport(
  { exporter, dataVersion, files }: ExportRouteOptions,
  etags: LRUCache<string, string>,
  format: ExportFormat,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const parameters = queryParameters(request.url, PARAMETERS)
  const { filter, order } = parseListArguments({
    filter: parameters.get('filter'),
    orderBy: parameters.get('orderBy'),
  })
  const { 'if-none-match': ifNoneMatch } = request.headers
  // Not the newest ingestion: a repair changes derived data without one.
  const version = dataVersion()
  const key = JSON.stringify([format, filter, order, version])
  const knownEtag = etags.get(key)
  if (knownEtag !== undefined && matchesEtag(knownEtag, ifNoneMatch)) return sendNotModified(reply, knownEtag)

  const signal = responseEndSignal(reply.raw)
  const { maxFileBytes: maxBytes } = files
  const file = await files.create(path => exporter.export({ filter, order, format, path, maxBytes }, { signal }))
  const { summary } = file
  const etag = `"${summary.sha256}"`
  if (dataVersion() === version) etags.set(key, etag)
  const isNotModified = matchesEtag(etag, ifNoneMatch)
  if (isNotModified || signal.aborted || request.method === 'HEAD') {
    await file.close()
    return isNotModified ? sendNotModified(reply, etag) : reply.headers(exportHeaders(format, summary, etag)).send()
  }
  return sendFile(reply.headers(exportHeaders(format, summary, etag)), file.stream())
}

function sendNotModified(reply: FastifyReply, etag: string): FastifyReply {
  return reply
    .code(304)
    .headers({ ...CACHE_HEADERS, etag })
    .send()
}

function exportHeaders(format: ExportFormat, summary: ExportSummary, etag: string): Record<string, string | number> {
  return {
    ...fileHeaders(summary, format),
    etag,
    'content-type': CONTENT_TYPES[format],
    'x-account-count': summary.rows,
  }
}
