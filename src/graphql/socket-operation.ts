import { ApolloServerErrorCode } from '@apollo/server/errors'
import { type ExecutionArgs, GraphQLError, getOperationAST, OperationTypeNode, parse, validate } from 'graphql'
import { denialOf } from './access.ts'
import type { GraphQLContext } from './context.ts'
import { MAX_RECURSIVE_SELECTIONS, MAX_TOKENS, unfoldedSelections } from './limits.ts'
import { schema } from './schema.ts'

const { BAD_REQUEST, GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED, OPERATION_RESOLUTION_FAILURE } =
  ApolloServerErrorCode

export interface SocketRequest {
  readonly query: string
  readonly operationName?: string | null | undefined
  readonly variables?: Record<string, unknown> | null | undefined
}

/**
 * A subscription that came over a socket, ready to be run, or what is wrong with it: the limits and the codes are those
 * of HTTP. Queries and mutations are refused, so that there is one way in to guard for them, and that is HTTP's.
 */
export function subscriptionOf(
  { query, operationName, variables }: SocketRequest,
  contextValue: GraphQLContext,
): ExecutionArgs | readonly GraphQLError[] {
  const document = parsed(query)
  if (document instanceof GraphQLError) return [document]
  if (unfoldedSelections(document) > MAX_RECURSIVE_SELECTIONS) {
    return [withCode(GRAPHQL_VALIDATION_FAILED, 'The operation recursively requests too many selections.')]
  }
  const errors = validate(schema, document, undefined, { hideSuggestions: true })
  if (errors.length > 0) return errors.map(error => withCode(GRAPHQL_VALIDATION_FAILED, error.message, error))
  const operation = getOperationAST(document, operationName)
  if (!operation) return [withCode(OPERATION_RESOLUTION_FAILURE, 'Name an operation of the document in operationName.')]
  if (operation.operation !== OperationTypeNode.SUBSCRIPTION) {
    return [withCode(BAD_REQUEST, `Send a ${operation.operation} over HTTP: this socket takes subscriptions only.`)]
  }
  const denied = denialOf(document, operation, contextValue)
  if (denied) return [withCode(denied.code, denied.message)]
  return { schema, document, operationName, variableValues: variables, contextValue }
}

function parsed(query: string) {
  try {
    return parse(query, { maxTokens: MAX_TOKENS })
  } catch (error) {
    if (error instanceof GraphQLError) return withCode(GRAPHQL_PARSE_FAILED, error.message, error)
    throw error
  }
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
