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
import { includesRole, type Role } from '../domain/access.ts'

/**
 * The right that each field needs: all of the roots, and those further down that need more than `read`. What a file's
 * rejected rows hold was never judged fit to be shown, so that only who sends files sees it.
 */
export const FIELD_RIGHTS: Readonly<Record<string, Role>> = {
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

/** @throws Error when a root field has no right, or a right no field: then the server does not start */
export function checkFieldRights(schema: GraphQLSchema, rights = FIELD_RIGHTS): void {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  for (const root of roots) {
    for (const field of Object.keys(root?.getFields() ?? {})) {
      if (rights[`${root!.name}.${field}`] === undefined) throw new Error(`${root!.name}.${field} has no right`)
    }
  }
  for (const name of Object.keys(rights)) {
    const [typeName = '', fieldName = ''] = name.split('.')
    const type = schema.getType(typeName)
    if (!type || !('getFields' in type) || !type.getFields()[fieldName]) throw new Error(`there is no ${name}`)
  }
}

const judged = new WeakMap<OperationDefinitionNode, Role>()

/**
 * The right that an operation needs: the greatest of all fields that it mentions, whether or not a directive leaves
 * them out, so that it is known before anything is run.
 *
 * @param document valid by the schema
 */
export function rightOf(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Role {
  const known = judged.get(operation)
  if (known !== undefined) return known
  let right: Role = 'read'
  for (const mentioned of fieldsOf(schema, document, operation)) {
    const needed = FIELD_RIGHTS[mentioned] ?? 'read'
    if (!includesRole(right, needed)) right = needed
  }
  judged.set(operation, right)
  return right
}

/** Each as `Type.field`, those of the fragments that are reached included. */
function fieldsOf(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Set<string> {
  const fields = new Set<string>()
  const reached = new Set<string>()
  const pending: (OperationDefinitionNode | FragmentDefinitionNode)[] = [operation]
  for (let definition = pending.pop(); definition; definition = pending.pop()) {
    const types = new TypeInfo(schema)
    const noteDown = visitWithTypeInfo(types, {
      Field: ({ name }) => void fields.add(`${types.getParentType()?.name}.${name.value}`),
      FragmentSpread: ({ name }) => {
        if (reached.has(name.value)) return
        reached.add(name.value)
        pending.push(...document.definitions.filter(found => isFragment(found, name.value)))
      },
    })
    visit(definition, noteDown)
  }
  return fields
}

function isFragment(node: DocumentNode['definitions'][number], name: string): node is FragmentDefinitionNode {
  return node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === name
}
