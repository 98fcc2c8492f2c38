import { ApolloServerErrorCode } from '@apollo/server/errors'
import {
  type ExecutionArgs,
  type FragmentDefinitionNode,
  GraphQLError,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getOperationAST,
  Kind,
  OperationTypeNode,
  parse,
  type SelectionNode,
  type SelectionSetNode,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql'
import { type AppError, hasCode } from '../domain/errors.ts'
import { DEFAULT_QUERY_LIMITS, type QueryLimits } from '../domain/query-limits.ts'
import { authorizationError } from './authorization.ts'
import { currentTime, type GraphQLContext } from './context.ts'
import { CostLimit, costError } from './limits/query-cost.ts'
import { sizeLimitRule, tokenLimitError } from './limits/query-size.ts'
import { schema } from './schema.ts'

const { BAD_REQUEST, GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED, OPERATION_RESOLUTION_FAILURE } =
  ApolloServerErrorCode

/** The payload of a `subscribe` message. */
export interface SubscribePayload {
  readonly query: string
  readonly operationName?: string | null | undefined
  readonly variables?: Record<string, unknown> | null | undefined
}

/** Validates subscriptions received over WebSocket, with the same limits and error codes as over HTTP. */
export class SubscriptionOperations {
  readonly #limits: QueryLimits
  readonly #cost: CostLimit

  constructor(limits: QueryLimits = DEFAULT_QUERY_LIMITS) {
    this.#limits = limits
    this.#cost = new CostLimit(schema, limits)
  }

  /**
   * Returns the arguments to execute a subscription with, or the errors of the request. Rejects queries and mutations,
   * so that only the HTTP endpoint has to guard them.
   */
  prepare(payload: SubscribePayload, contextValue: GraphQLContext): ExecutionArgs | readonly GraphQLError[] {
    const { operationName, variables } = payload
    const document = parseDocument(payload.query, this.#limits.maxTokens)
    if (document instanceof GraphQLError) return [document]
    const errors = validate(schema, document, [
      ...specifiedRules,
      sizeLimitRule(this.#limits),
      noConditionalSubscriptionRoot,
    ])
    if (errors.length > 0) return errors.map(validationError)
    const operation = getOperationAST(document, operationName)
    if (!operation) {
      const message = 'Set operationName to the name of an operation in the document.'
      return [withCode(OPERATION_RESOLUTION_FAILURE, message)]
    }
    if (operation.operation !== OperationTypeNode.SUBSCRIPTION) {
      const message = `This WebSocket accepts subscriptions only. Send the ${operation.operation} over HTTP.`
      return [withCode(BAD_REQUEST, message)]
    }
    const denied = authorizationError(document, operation, contextValue)
    if (denied) return [toGraphQLError(denied)]
    const tooExpensive = costError(this.#cost.costOf(document, operation, variables, () => currentTime(contextValue)))
    if (tooExpensive) return [toGraphQLError(tooExpensive)]
    return { schema, document, operationName, variableValues: variables, contextValue }
  }
}

function parseDocument(query: string, maxTokens: number) {
  try {
    return parse(query, { maxTokens })
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    const tooLong = tokenLimitError(error)
    return tooLong ? toGraphQLError(tooLong) : withCode(GRAPHQL_PARSE_FAILED, error.message, error)
  }
}

function validationError(error: GraphQLError): GraphQLError {
  const { originalError } = error
  if (hasCode(originalError, 'QUERY_TOO_COMPLEX')) return toGraphQLError(originalError)
  return withCode(GRAPHQL_VALIDATION_FAILED, error.message, error)
}

function toGraphQLError({ code, message }: AppError): GraphQLError {
  return withCode(code, message)
}

function withCode(
  code: string,
  message: string,
  { nodes, source, positions }: Partial<GraphQLError> = {},
): GraphQLError {
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    extensions: { code },
  })
}

const CONDITIONS = [GraphQLSkipDirective.name, GraphQLIncludeDirective.name]

/**
 * A validation rule that rejects `@skip` and `@include` on the root field of a subscription, as the specification does
 * under "Single Root Field". The rule of graphql-js 16 evaluates them without variables, and throws.
 */
export const noConditionalSubscriptionRoot: ValidationRule = context => ({
  Document({ definitions }) {
    const findCondition = conditionFinder(name => context.getFragment(name))
    for (const node of definitions) {
      if (node.kind !== Kind.OPERATION_DEFINITION || node.operation !== OperationTypeNode.SUBSCRIPTION) continue
      const found = findCondition(node.selectionSet)
      if (!found) continue
      const message = 'The root field of a subscription cannot have @skip or @include. Remove the directive.'
      context.reportError(new GraphQLError(message, { nodes: found }))
      // Returning null deletes the document, so that the rule of graphql-js does not visit its operations.
      return null
    }
    return undefined
  },
})

/** Returns a function that finds the first root selection with `@skip` or `@include`, also within fragments. */
function conditionFinder(fragmentOf: (name: string) => FragmentDefinitionNode | null | undefined) {
  const visited = new Set<string>()
  const inSelection = (node: SelectionNode): SelectionNode | undefined => {
    if (node.directives?.some(({ name }) => CONDITIONS.includes(name.value))) return node
    if (node.kind === Kind.INLINE_FRAGMENT) return inSet(node.selectionSet)
    if (node.kind === Kind.FIELD || visited.has(node.name.value)) return
    visited.add(node.name.value)
    return inSet(fragmentOf(node.name.value)?.selectionSet)
  }
  const inSet = (set: SelectionSetNode | undefined): SelectionNode | undefined => {
    for (const selection of set?.selections ?? []) {
      const found = inSelection(selection)
      if (found) return found
    }
    return
  }
  return inSet
}
