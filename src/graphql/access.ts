import type { ApolloServerPlugin } from '@apollo/server'
import type { DocumentNode, OperationDefinitionNode } from 'graphql'
import { requireRole } from '../domain/access.ts'
import { type AppError, isAppError } from '../domain/errors.ts'
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
        if (denied) throw denied
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
): AppError | undefined {
  try {
    requireRole(caller, operation ? rightOf(schema, document, operation) : 'read')
  } catch (error) {
    if (isAppError(error)) return error
    throw error
  }
  return
}
