import fp from 'fastify-plugin'

/**
 * For responses that are data and no page. Strict-Transport-Security is left to the proxy that has the certificate.
 */
const DATA_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const

/** For the page of Sandbox, which declares its own policy and opens a window to log in. */
export const SANDBOX_HEADERS = {
  'content-security-policy': "frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin-allow-popups',
  'referrer-policy': 'strict-origin-when-cross-origin',
} as const

/** Sets security headers on every response, including errors. */
export const securityHeaders = fp(
  async app => {
    app.addHook('onRequest', (_request, reply, done) => {
      reply.headers(DATA_HEADERS)
      done()
    })
  },
  { name: 'security-headers' },
)
