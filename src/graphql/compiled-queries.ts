import { type ApolloServerPlugin, HeaderMap } from '@apollo/server'
import {
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isIntrospectionType,
  type OperationDefinitionNode,
  OperationTypeNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { getVariableValues } from 'graphql/execution/values.js'
import { compileQuery, isCompiledQuery } from 'graphql-jit'
import { LRUCache } from 'lru-cache'
import type { GraphQLContext } from './context.ts'
import { sizeOf } from './limits/query-size.ts'

const MAX_COMPILED_QUERIES = 200

/** Compiling takes 0.1 ms per selection and blocks the event loop. */
const MAX_SELECTIONS = 50

/** Executes a compiled query. Resolves to undefined when the response would contain errors. */
type Execute = (context: GraphQLContext, variables: Readonly<Record<string, unknown>>) => Promise<Data | undefined>
type Data = Record<string, unknown> | null

/**
 * Executes repeated queries with graphql-jit. Only responses without errors come from compiled code: graphql-js executes
 * a query again that fails, because its errors follow the specification (docs/adr/0011-compiled-queries.md).
 */
export function compiledQueriesPlugin(schema: GraphQLSchema): ApolloServerPlugin<GraphQLContext> {
  const queries = new CompiledQueries(schema)
  return {
    requestDidStart: async () => ({
      async responseForOperation({ document, operation, request, contextValue }) {
        // Despite its type, `operation` is undefined when the document has none of the requested name.
        const execute = operation && queries.find(document, operation)
        if (!execute) return null
        const data = await execute(contextValue, request.variables ?? {})
        if (data === undefined) return null
        return {
          http: { headers: new HeaderMap() },
          body: { kind: 'single', singleResult: { data } },
        }
      },
    }),
  }
}

/** Compiles an operation at its second request, so that operations sent once cost nothing. */
export class CompiledQueries {
  readonly #schema: GraphQLSchema
  readonly #requested = new WeakSet<OperationDefinitionNode>()
  readonly #compiled = new LRUCache<OperationDefinitionNode, { readonly execute: Execute | undefined }>({
    max: MAX_COMPILED_QUERIES,
  })

  constructor(schema: GraphQLSchema) {
    this.#schema = schema
  }

  /**
   * Returns the compiled operation; undefined at its first request, and when it cannot be compiled.
   *
   * @param document valid against the schema, and the same object for the same text
   */
  find(document: DocumentNode, operation: OperationDefinitionNode): Execute | undefined {
    const known = this.#compiled.get(operation)
    if (known) return known.execute
    if (!this.#requested.has(operation)) {
      this.#requested.add(operation)
      return
    }
    const execute = isCompilable(this.#schema, document, operation)
      ? compile(this.#schema, document, operation)
      : undefined
    this.#compiled.set(operation, { execute })
    return execute
  }
}

function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Execute | undefined {
  const compiled = compileQuery(schema, document, operation.name?.value)
  if (!isCompiledQuery(compiled)) return
  const { variableDefinitions = [] } = operation
  return async (context, variables) => {
    // graphql-jit coerces variables by its own rules.
    if (variableDefinitions.length > 0 && getVariableValues(schema, variableDefinitions, variables).errors) return
    const { data, errors } = await compiled.query(undefined, context, variables)
    return errors ? undefined : data
  }
}

/**
 * Whether graphql-jit executes an operation exactly as graphql-js does: queries of object types, without directives,
 * abstract types and introspection.
 */
function isCompilable(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): boolean {
  if (operation.operation !== OperationTypeNode.QUERY) return false
  if (sizeOf(document).selections > MAX_SELECTIONS) return false
  let isCompilable = true
  const types = new TypeInfo(schema)
  const check = visitWithTypeInfo(types, {
    Directive() {
      isCompilable = false
    },
    Field() {
      const type = getNamedType(types.getType())
      if (isAbstractType(type) || (type && isIntrospectionType(type))) isCompilable = false
    },
  })
  visit(document, check)
  return isCompilable
}
