import { readFileSync } from 'node:fs'
import {
  buildSchema,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  isScalarType,
} from 'graphql'
import { packageFile } from '../package-file.ts'
import type { Resolvers } from './generated.ts'
import { account, growth } from './resolvers/account.ts'
import { ingestion } from './resolvers/ingestion.ts'
import { measurement } from './resolvers/measurement.ts'
import { mutation } from './resolvers/mutation.ts'
import { dataset, node, query } from './resolvers/query.ts'
import { subscription } from './resolvers/subscription.ts'
import { DateTime, SafeInt, UUID } from './scalars.ts'

/** The text of schema.graphql. */
export const typeDefs = readFileSync(packageFile('schema.graphql'), 'utf8')

/** `totalCount` is a promise. graphql-jit awaits promises only when a resolver returns them. */
const connection = { totalCount: ({ totalCount }: { totalCount: Promise<number> }) => totalCount }

/** The executable schema. A field without a resolver returns the property of its name. */
export const schema = attachResolvers(buildSchema(typeDefs), {
  DateTime,
  SafeInt,
  UUID,
  Query: query,
  Mutation: mutation,
  Subscription: subscription,
  Node: node,
  Account: account,
  Measurement: measurement,
  Growth: growth,
  Dataset: dataset,
  Ingestion: ingestion,
  AccountConnection: connection,
  MeasurementConnection: connection,
  IngestionConnection: connection,
  RejectedRowConnection: connection,
})

/**
 * Adds resolvers to the types of a schema, in place. HTTP and WebSockets share the one schema.
 *
 * @throws Error when the schema lacks a type or field that has a resolver
 */
export function attachResolvers(schema: GraphQLSchema, resolvers: Resolvers): GraphQLSchema {
  for (const [name, typeResolvers] of Object.entries(resolvers)) {
    const type = schema.getType(name)
    if (!type) throw new Error(`resolvers exist for ${name}, which is not in the schema`)
    attach(type, typeResolvers)
  }
  return schema
}

function attach(type: GraphQLNamedType, resolvers: object): void {
  if (isScalarType(type)) {
    // Not the description, which comes from schema.graphql.
    const { serialize, parseValue, parseLiteral } = resolvers as typeof type
    Object.assign(type, { serialize, parseValue, parseLiteral })
  } else if (isInterfaceType(type)) {
    type.resolveType = (resolvers as { __resolveType: typeof type.resolveType }).__resolveType
  } else if (isObjectType(type)) {
    for (const [name, resolver] of Object.entries(resolvers)) {
      const field = type.getFields()[name]
      if (!field) throw new Error(`a resolver exists for ${type.name}.${name}, which is not in the schema`)
      Object.assign(field, typeof resolver === 'function' ? { resolve: resolver } : resolver)
    }
  } else throw new Error(`${type.name} cannot have resolvers`)
}
