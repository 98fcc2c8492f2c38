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
import { shapeOf } from './limits/shape.ts'

/** Queries kept as code; those asked for longest ago go first. */
const MAX_KEPT = 200

/** To compile takes a tenth of a millisecond for each selection, which nobody else is answered in. */
const MAX_SELECTIONS = 50

/** @returns the answer; undefined when there would be errors in it */
type Run = (context: GraphQLContext, variables: Readonly<Record<string, unknown>>) => Promise<Data | undefined>
type Data = Record<string, unknown> | null

/**
 * Answers plain queries that come again with code that was compiled for them. It never answers with an error: whatever
 * fails is executed again as the specification has it, by graphql-js (docs/adr/0011-compiled-queries.md).
 */
export function runCompiled(schema: GraphQLSchema): ApolloServerPlugin<GraphQLContext> {
  const queries = new CompiledQueries(schema)
  return {
    requestDidStart: async () => ({
      async responseForOperation({ document, operation, request, contextValue }) {
        // There may be none of the name that was asked for, whatever the type says.
        const run = operation && queries.of(document, operation)
        if (!run) return null
        const data = await run(contextValue, request.variables ?? {})
        if (data === undefined) return null
        return {
          http: { headers: new HeaderMap() },
          body: { kind: 'single', singleResult: { data } },
        }
      },
    }),
  }
}

/** Compiles what is asked for the second time, so that what is asked once costs nobody anything. */
export class CompiledQueries {
  readonly #schema: GraphQLSchema
  readonly #seen = new WeakSet<OperationDefinitionNode>()
  readonly #runs = new LRUCache<OperationDefinitionNode, { readonly run: Run | undefined }>({ max: MAX_KEPT })

  constructor(schema: GraphQLSchema) {
    this.#schema = schema
  }

  /**
   * The code of an operation, if it has come before and can be compiled.
   *
   * @param document valid by the schema, and the same object whenever the same text is sent
   */
  of(document: DocumentNode, operation: OperationDefinitionNode): Run | undefined {
    const known = this.#runs.get(operation)
    if (known) return known.run
    if (!this.#seen.has(operation)) {
      this.#seen.add(operation)
      return
    }
    const run = isPlain(this.#schema, document, operation) ? compile(this.#schema, document, operation) : undefined
    this.#runs.set(operation, { run })
    return run
  }
}

function compile(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Run | undefined {
  const compiled = compileQuery(schema, document, operation.name?.value)
  if (!isCompiledQuery(compiled)) return
  const { variableDefinitions = [] } = operation
  return async (context, variables) => {
    // It judges variables by rules of its own.
    if (variableDefinitions.length > 0 && getVariableValues(schema, variableDefinitions, variables).errors) return
    const { data, errors } = await compiled.query(undefined, context, variables)
    return errors ? undefined : data
  }
}

/**
 * Whether an operation has only what compiled code is exact for: objects with their fields. Conditions, types that are
 * found out while it runs, and the schema itself are left to graphql-js.
 */
function isPlain(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): boolean {
  if (operation.operation !== OperationTypeNode.QUERY) return false
  if (shapeOf(document).selections > MAX_SELECTIONS) return false
  let isPlain = true
  const types = new TypeInfo(schema)
  const check = visitWithTypeInfo(types, {
    Directive() {
      isPlain = false
    },
    Field() {
      const type = getNamedType(types.getType())
      if (isAbstractType(type) || (type && isIntrospectionType(type))) isPlain = false
    },
  })
  visit(document, check)
  return isPlain
}
