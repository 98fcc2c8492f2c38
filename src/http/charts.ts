import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import { packageFile } from '../package-file.ts'

const FILES = [
  { url: '/charts', file: 'charts.html', type: 'text/html; charset=utf-8' },
  { url: '/charts/charts.css', file: 'charts.css', type: 'text/css; charset=utf-8' },
  { url: '/charts/chart.umd.js', file: 'chart.umd.js', type: 'text/javascript; charset=utf-8' },
  { url: '/charts/main.js', file: 'main.js', type: 'text/javascript; charset=utf-8' },
] as const

/** The page loads and requests nothing from other servers. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Serves the charts page at /charts. It holds no data: it queries the API like any other client. */
export async function chartsRoutes(app: FastifyInstance): Promise<void> {
  for (const { url, file, type } of FILES) {
    const bytes = await readFile(packageFile(`dist/web/${file}`))
    const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`
    app.get(url, { config: { role: 'public' } }, (request, reply) => {
      reply.headers({ etag, 'cache-control': 'no-cache', 'content-security-policy': CONTENT_SECURITY_POLICY })
      return request.headers['if-none-match'] === etag ? reply.code(304).send() : reply.type(type).send(bytes)
    })
  }
}
