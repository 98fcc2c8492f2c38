import fastify from 'fastify'
import mercurius from 'mercurius'
import { pageReader } from '../database.mjs'
import { listening } from '../listening.mjs'
import { SCHEMA } from '../schema.mjs'

const [, , path, jit] = process.argv
const readPage = await pageReader(path)
const app = fastify()
app.register(mercurius, {
  schema: SCHEMA,
  resolvers: { Query: { accounts: () => ({ nodes: readPage() }) } },
  // Compiled when it comes for the second time.
  ...(jit && { jit: 1 }),
})
await app.listen({ port: 0, host: '127.0.0.1' })
listening(app.server)
