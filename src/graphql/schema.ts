import { readFileSync } from 'node:fs'
import { buildSchema } from 'graphql'
import type { Resolvers } from './generated.ts'
import { account } from './resolvers/account.ts'
import { dataset } from './resolvers/dataset.ts'
import { growth } from './resolvers/growth.ts'
import { ingestAccounts } from './resolvers/ingest-accounts.ts'
import { ingestion } from './resolvers/ingestion.ts'
import { measurement } from './resolvers/measurement.ts'
import { node, nodes, nodeType } from './resolvers/node.ts'
import { query } from './resolvers/query.ts'
import { DateTime, SafeInt, UUID } from './scalars.ts'

/** The contract, read where it lies both beside src/ and beside dist/. */
export const typeDefs = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8')

const contract = buildSchema(typeDefs)

// A scalar's code takes the place of what the contract says of it, but for this.
for (const scalar of [DateTime, SafeInt, UUID]) scalar.description = contract.getType(scalar.name)?.description

/** A field without a resolver is the property of its name; connections and their parts have no other fields. */
export const resolvers: Resolvers = {
  DateTime,
  SafeInt,
  UUID,
  Query: { ...query, node, nodes },
  Mutation: { ingestAccounts },
  Node: nodeType,
  Account: account,
  Measurement: measurement,
  Growth: growth,
  Dataset: dataset,
  Ingestion: ingestion,
}
