import { createServer } from 'node:http'
import { createSchema, createYoga } from 'graphql-yoga'
import { pageReader } from '../database.mjs'
import { listening } from '../listening.mjs'
import { SCHEMA } from '../schema.mjs'

const readPage = await pageReader(process.argv[2])
const schema = createSchema({
  typeDefs: SCHEMA,
  resolvers: { Query: { accounts: () => ({ nodes: readPage() }) } },
})
listening(createServer(createYoga({ schema, logging: false })).listen(0, '127.0.0.1'))
