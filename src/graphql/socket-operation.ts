import { ApolloServerErrorCode } from '@apollo/server/errors'
import {
  type ExecutionArgs,
  GraphQLError,
  getOperationAST,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql'
import { type AppError, hasCode } from '../domain/errors.ts'
import { DEFAULT_QUERY_LIMITS, type QueryLimits } from '../domain/query-limits.ts'
import { denialOf } from './access.ts'
import type { GraphQLContext } from './context.ts'
import { CostLimit, tooExpensive } from './limits/limit-cost.ts'
import { limitShape } from './limits/rule.ts'
import { tooManyTokens } from './limits/too-complex.ts'
import { schema } from './schema.ts'
import { rootWithoutConditions } from './subscription-root.ts'

const { BAD_REQUEST, GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED, OPERATION_RESOLUTION_FAILURE } =
  ApolloServerErrorCode

export interface SocketRequest {
  readonly query: string
  readonly operationName?: string | null | undefined
  readonly variables?: Record<string, unknown> | null | undefined
}

/** Judges what comes over sockets, by the limits and with the codes of HTTP. */
export class SocketOperations {
  readonly #limits: QueryLimits
  readonly #cost: CostLimit

  constructor(limits: QueryLimits = DEFAULT_QUERY_LIMITS) {
    this.#limits = limits
    this.#cost = new CostLimit(schema, limits)
  }

  /**
   * A subscription, ready to be run, or what is wrong with it. Queries and mutations are refused, so that there is one
   * way in to guard for them, and that is HTTP's.
   */
  subscription(request: SocketRequest, contextValue: GraphQLContext): ExecutionArgs | readonly GraphQLError[] {
    const { operationName, variables } = request
    const document = parsed(request.query, this.#limits.maxTokens)
    if (document instanceof GraphQLError) return [document]
    const rules = [...specifiedRules, limitShape(this.#limits), rootWithoutConditions]
    const errors = validate(schema, document, rules, { hideSuggestions: true })
    if (errors.length > 0) return errors.map(invalid)
    const operation = getOperationAST(document, operationName)
    if (!operation) {
      return [withCode(OPERATION_RESOLUTION_FAILURE, 'Name an operation of the document in operationName.')]
    }
    if (operation.operation !== OperationTypeNode.SUBSCRIPTION) {
      return [withCode(BAD_REQUEST, `Send a ${operation.operation} over HTTP: this socket takes subscriptions only.`)]
    }
    const denied = denialOf(document, operation, contextValue)
    if (denied) return [asGraphQLError(denied)]
    const expensive = tooExpensive(this.#cost.of(document, operation, variables, () => contextValue.now()))
    if (expensive) return [asGraphQLError(expensive)]
    return { schema, document, operationName, variableValues: variables, contextValue }
  }
}

function parsed(query: string, maxTokens: number) {
  try {
    return parse(query, { maxTokens })
  } catch (error) {
    if (error instanceof GraphQLError) {
      const tooLong = tooManyTokens(error)
      return tooLong ? asGraphQLError(tooLong) : withCode(GRAPHQL_PARSE_FAILED, error.message, error)
    }
    throw error
  }
}

function invalid(error: GraphQLError): GraphQLError {
  const { originalError } = error
  if (hasCode(originalError, 'QUERY_TOO_COMPLEX')) return asGraphQLError(originalError)
  return withCode(GRAPHQL_VALIDATION_FAILED, error.message, error)
}

function asGraphQLError({ code, message }: AppError): GraphQLError {
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
