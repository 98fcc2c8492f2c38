import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import { packageFile } from '../package-file.ts'

/** The page's own files, as they were built. */
const PAGE = packageFile('dist/web/')

/** The page asks this server alone, and nothing from elsewhere runs in it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Serves the charts: a page at /charts that asks the API like any other client. It holds no data itself. */
export async function serveCharts(app: FastifyInstance): Promise<void> {
  await serveFile(app, '/charts', new URL('charts.html', PAGE), 'text/html; charset=utf-8')
  await serveFile(app, '/charts/charts.css', new URL('charts.css', PAGE), 'text/css; charset=utf-8')
  await serveFile(app, '/charts/chart.umd.js', new URL('chart.umd.js', PAGE), 'text/javascript; charset=utf-8')
  await serveFile(app, '/charts/main.js', new URL('main.js', PAGE), 'text/javascript; charset=utf-8')
}

async function serveFile(app: FastifyInstance, url: string, file: URL, type: string): Promise<void> {
  const bytes = await readFile(file)
  const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`
  app.get(url, { config: { right: 'open' } }, (request, reply) => {
    reply.headers({ etag, 'cache-control': 'no-cache', 'content-security-policy': POLICY })
    reply.header('x-content-type-options', 'nosniff')
    return request.headers['if-none-match'] === etag ? reply.code(304).send() : reply.type(type).send(bytes)
  })
}
