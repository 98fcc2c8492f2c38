// To be loaded into the program before it starts: tells every route that it declares, one a line on standard error.
import { subscribe } from 'node:diagnostics_channel'

subscribe('fastify.initialization', ({ fastify }) => {
  fastify.addHook('onRoute', ({ method, url, config }) => {
    const right = typeof config?.right === 'function' ? 'as asked' : (config?.right ?? null)
    process.stderr.write(`ROUTE ${JSON.stringify({ method, url, right })}\n`)
  })
})
