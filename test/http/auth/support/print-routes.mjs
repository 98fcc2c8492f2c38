// Loaded into the program before it starts. Prints every route that it declares to standard error, one a line.
import { subscribe } from 'node:diagnostics_channel'

subscribe('fastify.initialization', ({ fastify }) => {
  fastify.addHook('onRoute', ({ method, url, config }) => {
    const role = typeof config?.role === 'function' ? 'depends on the request' : (config?.role ?? null)
    process.stderr.write(`ROUTE ${JSON.stringify({ method, url, role })}\n`)
  })
})
