import type { ApolloServerPlugin } from '@apollo/server'
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql'
import { AppError } from '../../domain/errors.ts'
import type { QueryLimits } from '../../domain/query-limits.ts'
import type { GraphQLContext } from '../context.ts'
import { OperationCosts } from './cost.ts'

/** What every answer says in `extensions.cost`. */
export interface Cost {
  readonly requested: number
  readonly allowed: number
}

/** Judges operations by their cost: docs/limits.md, "Cost". */
export class CostLimit {
  readonly #costs: OperationCosts
  readonly #limits: QueryLimits

  constructor(schema: GraphQLSchema, limits: QueryLimits) {
    this.#costs = new OperationCosts(schema)
    this.#limits = limits
  }

  of(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Readonly<Record<string, unknown>> | null | undefined,
    now: () => number,
  ): Cost {
    const { maxCost, maxPageSize } = this.#limits
    const requested = this.#costs.of(document, operation, { variables: variables ?? {}, now, maxPageSize })
    return { requested, allowed: maxCost }
  }
}

export function tooExpensive({ requested, allowed }: Cost): AppError<'QUERY_TOO_COMPLEX'> | undefined {
  if (requested <= allowed) return undefined
  const advice = 'Ask for smaller pages, for fewer buckets of history, or for less within each row.'
  const message = `The operation costs ${requested}, and at most ${allowed} are allowed. ${advice}`
  return new AppError('QUERY_TOO_COMPLEX', message)
}

/** Refuses operations that cost too much, and tells the cost of all. */
export function limitCost(limit: CostLimit): ApolloServerPlugin<GraphQLContext> {
  return {
    async requestDidStart() {
      let cost: Cost | undefined
      return {
        async didResolveOperation({ document, operation, request, contextValue }) {
          if (!operation) return
          cost = limit.of(document, operation, request.variables, () => contextValue.now())
          const error = tooExpensive(cost)
          if (error) throw error
        },
        async willSendResponse({ response: { body, http } }) {
          // Who may not ask is told nothing else.
          if (http.status === 401 || http.status === 403) return
          if (cost && body.kind === 'single') body.singleResult.extensions = { ...body.singleResult.extensions, cost }
        },
      }
    },
  }
}
