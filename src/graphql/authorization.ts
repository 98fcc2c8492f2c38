import type { ApolloServerPlugin } from '@apollo/server'
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { includesRole, type Role, requireRole } from '../domain/access.ts'
import { type AppError, isAppError } from '../domain/errors.ts'
import type { GraphQLContext } from './context.ts'
import { withoutSuggestions } from './errors.ts'
import { schema } from './schema.ts'

/**
 * The role that each field requires: every root field, and nested fields that require more than `read`. Rejected rows
 * contain raw input that was never validated, so only clients that may ingest can read them.
 */
export const FIELD_ROLES: Readonly<Record<string, Role>> = {
  'Query.account': 'read',
  'Query.accounts': 'read',
  'Query.categories': 'read',
  'Query.dataset': 'read',
  'Query.ingestion': 'read',
  'Query.ingestions': 'read',
  'Query.node': 'read',
  'Query.nodes': 'read',
  'Mutation.ingestAccounts': 'ingest',
  'Mutation.cancelIngestion': 'ingest',
  'Mutation.revertIngestion': 'admin',
  'Subscription.ingestionProgress': 'read',
  'Ingestion.rejectedRows': 'ingest',
}

/** Rejects operations that require a higher role than the caller has, before anything is executed. */
export function authorizationPlugin(): ApolloServerPlugin<GraphQLContext> {
  checkFieldRoles(schema)
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ document, operation, contextValue }) => {
        const error = authorizationError(document, operation, contextValue)
        if (error) throw error
      },
      // Validation comes before authorization. A client without a role cannot query the schema, so it gets no suggestions.
      willSendResponse: async ({ contextValue, response: { body } }) => {
        if (contextValue.caller.role !== null || body.kind !== 'single' || !body.singleResult.errors) return
        body.singleResult.errors = body.singleResult.errors.map(error => ({
          ...error,
          message: withoutSuggestions(error.message),
        }))
      },
    }),
  }
}

/**
 * Returns why the caller may not execute an operation; undefined when it may.
 *
 * @param operation undefined when the document has no operation of the requested name; this requires the role `read`
 */
export function authorizationError(
  document: DocumentNode,
  operation: OperationDefinitionNode | undefined,
  { caller }: GraphQLContext,
): AppError | undefined {
  try {
    requireRole(caller, operation ? requiredRole(schema, document, operation) : 'read')
  } catch (error) {
    if (isAppError(error)) return error
    throw error
  }
  return
}

/** @throws Error, at server start, when a root field has no role or an entry of `roles` names no field */
export function checkFieldRoles(schema: GraphQLSchema, roles = FIELD_ROLES): void {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  for (const root of roots) {
    for (const field of Object.keys(root?.getFields() ?? {})) {
      if (roles[`${root!.name}.${field}`] === undefined) throw new Error(`${root!.name}.${field} has no role`)
    }
  }
  for (const name of Object.keys(roles)) {
    const [typeName = '', fieldName = ''] = name.split('.')
    const type = schema.getType(typeName)
    if (!type || !('getFields' in type) || !type.getFields()[fieldName]) {
      throw new Error(`${name} has a role, but the schema has no such field`)
    }
  }
}

const roleCache = new WeakMap<OperationDefinitionNode, Role>()

/**
 * Returns the role that an operation requires: the highest of all fields that it mentions. Fields that `@skip` or
 * `@include` leave out count too, so that the role does not depend on variables.
 *
 * @param document valid against the schema
 */
export function requiredRole(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Role {
  const cached = roleCache.get(operation)
  if (cached !== undefined) return cached
  let role: Role = 'read'
  for (const field of fieldsOf(schema, document, operation)) {
    const required = FIELD_ROLES[field] ?? 'read'
    if (!includesRole(role, required)) role = required
  }
  roleCache.set(operation, role)
  return role
}

/** Returns the fields of an operation and of its fragments, each as `Type.field`. */
function fieldsOf(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Set<string> {
  const fields = new Set<string>()
  const visited = new Set<string>()
  const pending: (OperationDefinitionNode | FragmentDefinitionNode)[] = [operation]
  for (let definition = pending.pop(); definition; definition = pending.pop()) {
    const types = new TypeInfo(schema)
    const collect = visitWithTypeInfo(types, {
      Field: ({ name }) => void fields.add(`${types.getParentType()?.name}.${name.value}`),
      FragmentSpread: ({ name }) => {
        if (visited.has(name.value)) return
        visited.add(name.value)
        pending.push(...document.definitions.filter(node => isFragment(node, name.value)))
      },
    })
    visit(definition, collect)
  }
  return fields
}

function isFragment(node: DocumentNode['definitions'][number], name: string): node is FragmentDefinitionNode {
  return node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === name
}
