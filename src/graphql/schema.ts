import { readFileSync } from 'node:fs'
import { buildSchema } from 'graphql'
import { packageFile } from '../package-file.ts'
import { attachResolvers } from './attach.ts'
import { account } from './resolvers/account.ts'
import { dataset } from './resolvers/dataset.ts'
import { growth } from './resolvers/growth.ts'
import { ingestAccounts } from './resolvers/ingest-accounts.ts'
import { ingestion } from './resolvers/ingestion.ts'
import { cancelIngestion, revertIngestion } from './resolvers/ledger-commands.ts'
import { measurement } from './resolvers/measurement.ts'
import { node, nodes, nodeType } from './resolvers/node.ts'
import { query } from './resolvers/query.ts'
import { ingestionProgress } from './resolvers/subscription.ts'
import { DateTime, SafeInt, UUID } from './scalars.ts'

/** The contract. */
export const typeDefs = readFileSync(packageFile('schema.graphql'), 'utf8')

/** A promise is waited for where a resolver gives it, whoever executes the query. */
const counted = { totalCount: ({ totalCount }: { totalCount: Promise<number> }) => totalCount }

/** A field without a resolver is the property of its name; connections and their parts have hardly any others. */
export const schema = attachResolvers(buildSchema(typeDefs), {
  DateTime,
  SafeInt,
  UUID,
  Query: { ...query, node, nodes },
  Mutation: { ingestAccounts, cancelIngestion, revertIngestion },
  Subscription: { ingestionProgress },
  Node: nodeType,
  Account: account,
  Measurement: measurement,
  Growth: growth,
  Dataset: dataset,
  Ingestion: ingestion,
  AccountConnection: counted,
  MeasurementConnection: counted,
  IngestionConnection: counted,
  RejectedRowConnection: counted,
})
