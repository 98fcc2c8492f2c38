import { type GraphQLNamedType, type GraphQLSchema, isInterfaceType, isObjectType, isScalarType } from 'graphql'
import type { Resolvers } from './generated.ts'

/**
 * Gives the types of a schema their code, in place: one schema then serves queries over HTTP and subscriptions over
 * sockets alike.
 */
export function attachResolvers(schema: GraphQLSchema, resolvers: Resolvers): GraphQLSchema {
  for (const [name, code] of Object.entries(resolvers)) {
    const type = schema.getType(name)
    if (!type) throw new Error(`there are resolvers for ${name}, which the schema has not`)
    attach(type, code)
  }
  return schema
}

function attach(type: GraphQLNamedType, code: object): void {
  if (isScalarType(type)) {
    // Not its description: that is the schema's to write.
    const { serialize, parseValue, parseLiteral } = code as typeof type
    Object.assign(type, { serialize, parseValue, parseLiteral })
  } else if (isInterfaceType(type)) {
    type.resolveType = (code as { __resolveType: typeof type.resolveType }).__resolveType
  } else if (isObjectType(type)) {
    for (const [name, resolver] of Object.entries(code)) {
      const field = type.getFields()[name]
      if (!field) throw new Error(`there is a resolver for ${type.name}.${name}, which the schema has not`)
      Object.assign(field, typeof resolver === 'function' ? { resolve: resolver } : resolver)
    }
  } else throw new Error(`${type.name} takes no resolvers`)
}
