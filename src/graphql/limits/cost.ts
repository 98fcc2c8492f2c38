import {
  type DocumentNode,
  type FieldNode,
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
import { type Asked, amountOf, type Estimate, plus, times } from './estimate.ts'
import { bucketCount, idCount, pageSize } from './list-size.ts'

type Variables = Readonly<Record<string, unknown>>

/** What is charged beside the objects: figures for which every account is looked at, and the schema as a whole. */
const CHARGES: Readonly<Record<string, number>> = {
  'AccountConnection.totalCount': 100,
  'Dataset.growthCoverage': 100,
  'Query.categories': 100,
  'Query.__schema': 500,
  'Query.__type': 100,
}

/** Lists without pages. */
const SIZES: Readonly<Record<string, (field: FieldNode) => Estimate>> = {
  'Query.nodes': idCount,
  'Account.history': bucketCount,
}

/**
 * Tells the cost of operations: how many objects an answer can have at most. It is worked out once for an operation, as
 * far as it does not depend on variables. The operations must be valid and of limited size.
 */
export class OperationCosts {
  readonly #schema: GraphQLSchema
  readonly #known = new WeakMap<OperationDefinitionNode, Priced>()

  constructor(schema: GraphQLSchema) {
    this.#schema = schema
  }

  of(document: DocumentNode, operation: OperationDefinitionNode, request: Asked): number {
    let priced = this.#known.get(operation)
    if (!priced) {
      priced = price(this.#schema, document, operation)
      this.#known.set(operation, priced)
    }
    const { defaults, estimate } = priced
    return amountOf(estimate, { ...request, variables: { ...defaults, ...request.variables } })
  }
}

interface Priced {
  readonly defaults: Variables
  readonly estimate: Estimate
}

function price(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Priced {
  const root = schema.getRootType(operation.operation)!
  const defaults = (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
    defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
  )
  return {
    defaults: Object.fromEntries(defaults),
    estimate: new Pricing(schema, document).selections(operation.selectionSet, root),
  }
}

class Pricing {
  readonly #schema: GraphQLSchema
  readonly #fragments: ReadonlyMap<
    string,
    { typeCondition: { name: { value: string } }; selectionSet: SelectionSetNode }
  >

  constructor(schema: GraphQLSchema, document: DocumentNode) {
    this.#schema = schema
    const fragments = document.definitions.filter(node => node.kind === Kind.FRAGMENT_DEFINITION)
    this.#fragments = new Map(fragments.map(node => [node.name.value, node]))
  }

  /** @param page how many rows `edges` and `nodes` have, within a connection */
  selections({ selections }: SelectionSetNode, type: GraphQLCompositeType, page: Estimate = 1): Estimate {
    return plus(
      selections.map(node => {
        if (node.kind === Kind.FIELD) return this.#field(node, type, page)
        const fragment = node.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(node.name.value)! : node
        const condition = fragment.typeCondition && this.#schema.getType(fragment.typeCondition.name.value)
        return this.selections(fragment.selectionSet, isCompositeType(condition) ? condition : type, page)
      }),
    )
  }

  #field(node: FieldNode, parent: GraphQLCompositeType, page: Estimate): Estimate {
    const path = `${parent.name}.${node.name.value}`
    const charge = CHARGES[path] ?? 0
    const hasFields = isObjectType(parent) || isInterfaceType(parent)
    const definition = hasFields ? parent.getFields()[node.name.value] : undefined
    const type = definition && getNamedType(definition.type)
    if (!node.selectionSet || !isCompositeType(type)) return charge
    const isConnection = type.name.endsWith('Connection')
    const inside = this.selections(node.selectionSet, type, isConnection ? pageSize(node) : 1)
    const isRows = parent.name.endsWith('Connection') && node.name.value !== 'pageInfo'
    const size = isRows ? page : (SIZES[path]?.(node) ?? 1)
    return plus([charge, times(size, isPlace(type) ? inside : plus([1, inside]))])
  }
}

/** Objects that only say where others are. */
function isPlace({ name }: GraphQLCompositeType): boolean {
  return name.endsWith('Edge') || name === 'PageInfo'
}
