import type { FastifyInstance } from 'fastify'

/**
 * For answers that are data: a browser takes them for nothing else, and shows them in no other page. Not among them is
 * Strict-Transport-Security, which is for whoever has the certificate to promise.
 */
const OF_DATA = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const

/** For Sandbox, whose page says itself what it may load, and which opens a window to log in. */
export const OF_PAGE = {
  'content-security-policy': "frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin-allow-popups',
  'referrer-policy': 'strict-origin-when-cross-origin',
} as const

/** Sets them before anything else is done, so that refusals have them too. */
export function setSecurityHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', async (_, reply) => {
    reply.headers(OF_DATA)
  })
}
