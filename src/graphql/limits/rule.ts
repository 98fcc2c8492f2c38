import { GraphQLError, type ValidationRule } from 'graphql'
import { AppError } from '../../domain/errors.ts'
import type { QueryLimits } from '../../domain/query-limits.ts'
import { type Shape, shapeOf } from './shape.ts'

const ADVICE = 'Send several smaller operations instead.'

/** Refuses documents with an operation that is too large, whatever its variables are. */
export function limitShape(limits: QueryLimits): ValidationRule {
  return context => ({
    Document(document) {
      for (const message of excesses(shapeOf(document), limits)) {
        const originalError = new AppError('QUERY_TOO_COMPLEX', message)
        context.reportError(new GraphQLError(message, { originalError }))
      }
    },
  })
}

function excesses(shape: Shape, limits: QueryLimits): string[] {
  const rules: [found: number, allowed: number, what: string][] = [
    [shape.depth, limits.maxDepth, 'levels of fields within fields'],
    [shape.rootFields, limits.maxRootFields, 'fields at its root'],
    [shape.aliases, limits.maxAliases, 'aliases'],
    [shape.directives, limits.maxDirectives, 'directives'],
    [shape.selections, limits.maxSelections, 'selections, fragments counted wherever they are spread'],
  ]
  return rules
    .filter(([found, allowed]) => found > allowed)
    .map(([, allowed, what]) => `The operation has more than ${allowed} ${what}. ${ADVICE}`)
}
