import { type ApolloServerPlugin, HeaderMap } from '@apollo/server'
import { type DocumentNode, GraphQLError, type OperationDefinitionNode } from 'graphql'
import { AccessDenied, requireRight } from '../domain/access.ts'
import type { GraphQLContext } from './context.ts'
import { checkFieldRights, rightOf } from './rights.ts'
import { schema } from './schema.ts'

/** Refuses operations that the caller has no right to, before anything of them is run. */
export function requireRights(): ApolloServerPlugin<GraphQLContext> {
  checkFieldRights(schema)
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ document, operation, contextValue }) => {
        const denied = denialOf(document, operation, contextValue)
        if (!denied) return
        const { code, message, httpStatus, challenge } = denied
        const http = { status: httpStatus, headers: new HeaderMap([['www-authenticate', challenge]]) }
        throw new GraphQLError(message, { extensions: { code, http } })
      },
    }),
  }
}

/**
 * Why the caller may not run an operation; undefined when they may. Without an operation, because the document has none
 * of the name that was asked for, it takes the right to read to be told so.
 */
export function denialOf(
  document: DocumentNode,
  operation: OperationDefinitionNode | undefined,
  { caller }: GraphQLContext,
): AccessDenied | undefined {
  try {
    requireRight(caller, operation ? rightOf(schema, document, operation) : 'read')
  } catch (error) {
    if (error instanceof AccessDenied) return error
    throw error
  }
  return
}
