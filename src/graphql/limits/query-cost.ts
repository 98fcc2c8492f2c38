import type { ApolloServerPlugin } from '@apollo/server'
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql'
import { AppError } from '../../domain/errors.ts'
import type { QueryLimits } from '../../domain/query-limits.ts'
import { currentTime, type GraphQLContext } from '../context.ts'
import {
  type CostInput,
  type Estimate,
  estimateBucketCount,
  estimateIdCount,
  estimatePageSize,
  evaluate,
  product,
  sum,
} from './cost-estimates.ts'

type Variables = Readonly<Record<string, unknown>>

/** The `extensions.cost` of a response. */
export interface QueryCost {
  readonly requested: number
  readonly allowed: number
}

/** Computes the cost of operations and compares it with the limit: docs/limits.md, "Cost". */
export class CostLimit {
  readonly #costs: OperationCosts
  readonly #limits: QueryLimits

  constructor(schema: GraphQLSchema, limits: QueryLimits) {
    this.#costs = new OperationCosts(schema)
    this.#limits = limits
  }

  /** @param now returns the current time in milliseconds; called only when the cost depends on it */
  costOf(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Variables | null | undefined,
    now: () => number,
  ): QueryCost {
    const { maxCost, maxPageSize } = this.#limits
    const requested = this.#costs.of(document, operation, { variables: variables ?? {}, now, maxPageSize })
    return { requested, allowed: maxCost }
  }
}

/** Returns the error for a cost above the limit; undefined within it. */
export function costError({ requested, allowed }: QueryCost): AppError<'QUERY_TOO_COMPLEX'> | undefined {
  if (requested <= allowed) return undefined
  const advice = 'Request smaller pages, fewer history buckets, or fewer objects in each row.'
  const message = `The operation costs ${requested}, which exceeds the limit of ${allowed}. ${advice}`
  return new AppError('QUERY_TOO_COMPLEX', message)
}

/** Rejects operations above the cost limit, and adds `extensions.cost` to responses. */
export function costLimitPlugin(limit: CostLimit): ApolloServerPlugin<GraphQLContext> {
  return {
    async requestDidStart() {
      let cost: QueryCost | undefined
      return {
        async didResolveOperation({ document, operation, request, contextValue }) {
          if (!operation) return
          cost = limit.costOf(document, operation, request.variables, () => currentTime(contextValue))
          const error = costError(cost)
          if (error) throw error
        },
        async willSendResponse({ response: { body, http } }) {
          // A client without access learns nothing but that.
          if (http.status === 401 || http.status === 403) return
          if (cost && body.kind === 'single') body.singleResult.extensions = { ...body.singleResult.extensions, cost }
        },
      }
    },
  }
}

/** Costs beyond the objects: figures that read every account, and introspection. */
const EXTRA_COSTS: Readonly<Record<string, number>> = {
  'AccountConnection.totalCount': 100,
  'Dataset.growthCoverage': 100,
  'Query.categories': 100,
  'Query.__schema': 500,
  'Query.__type': 100,
}

/** The lengths of lists that are not connections. */
const LIST_LENGTHS: Readonly<Record<string, (field: FieldNode) => Estimate>> = {
  'Query.nodes': estimateIdCount,
  'Account.history': estimateBucketCount,
}

/**
 * Computes the cost of operations: the greatest number of objects in a response. Caches what does not depend on
 * variables. Operations must be valid and within the size limits.
 */
export class OperationCosts {
  readonly #schema: GraphQLSchema
  readonly #cache = new WeakMap<OperationDefinitionNode, OperationEstimate>()

  constructor(schema: GraphQLSchema) {
    this.#schema = schema
  }

  of(document: DocumentNode, operation: OperationDefinitionNode, input: CostInput): number {
    let cached = this.#cache.get(operation)
    if (!cached) {
      cached = estimateOperation(this.#schema, document, operation)
      this.#cache.set(operation, cached)
    }
    const { defaults, estimate } = cached
    return evaluate(estimate, { ...input, variables: { ...defaults, ...input.variables } })
  }
}

interface OperationEstimate {
  readonly defaults: Variables
  readonly estimate: Estimate
}

function estimateOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): OperationEstimate {
  const root = schema.getRootType(operation.operation)!
  const defaults = (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
    defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
  )
  return {
    defaults: Object.fromEntries(defaults),
    estimate: new Estimator(schema, document).selectionSet(operation.selectionSet, root),
  }
}

class Estimator {
  readonly #schema: GraphQLSchema
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>

  constructor(schema: GraphQLSchema, document: DocumentNode) {
    this.#schema = schema
    const fragments = document.definitions.filter(node => node.kind === Kind.FRAGMENT_DEFINITION)
    this.#fragments = new Map(fragments.map(node => [node.name.value, node]))
  }

  /** @param pageSize within a connection, the length of `edges` and `nodes` */
  selectionSet({ selections }: SelectionSetNode, type: GraphQLCompositeType, pageSize: Estimate = 1): Estimate {
    return sum(
      selections.map(node => {
        if (node.kind === Kind.FIELD) return this.#field(node, type, pageSize)
        const fragment = node.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(node.name.value)! : node
        const condition = fragment.typeCondition && this.#schema.getType(fragment.typeCondition.name.value)
        return this.selectionSet(fragment.selectionSet, isCompositeType(condition) ? condition : type, pageSize)
      }),
    )
  }

  #field(node: FieldNode, parent: GraphQLCompositeType, pageSize: Estimate): Estimate {
    const path = `${parent.name}.${node.name.value}`
    const extra = EXTRA_COSTS[path] ?? 0
    const hasFields = isObjectType(parent) || isInterfaceType(parent)
    const definition = hasFields ? parent.getFields()[node.name.value] : undefined
    const type = definition && getNamedType(definition.type)
    if (!node.selectionSet || !isCompositeType(type)) return extra
    const isConnection = type.name.endsWith('Connection')
    const inside = this.selectionSet(node.selectionSet, type, isConnection ? estimatePageSize(node) : 1)
    const isPageOfRows = parent.name.endsWith('Connection') && node.name.value !== 'pageInfo'
    const length = isPageOfRows ? pageSize : (LIST_LENGTHS[path]?.(node) ?? 1)
    return sum([extra, product(length, isFree(type) ? inside : sum([1, inside]))])
  }
}

/** Edges and `pageInfo` cost nothing. */
function isFree({ name }: GraphQLCompositeType): boolean {
  return name.endsWith('Edge') || name === 'PageInfo'
}
