import { MAX_PAGE_SIZE } from './page.ts'

/** Limits of one GraphQL operation: docs/limits.md. */
export interface QueryLimits {
  /** Lexical tokens of the document. */
  readonly maxTokens: number
  /** Levels of nested fields. */
  readonly maxDepth: number
  readonly maxRootFields: number
  readonly maxAliases: number
  readonly maxDirectives: number
  /** Fields and fragments, counting a fragment each time it is spread. */
  readonly maxSelections: number
  /** The greatest number of objects in the response. */
  readonly maxCost: number
  /** The greatest value of `first` and `last`. */
  readonly maxPageSize: number
}

export const DEFAULT_QUERY_LIMITS: QueryLimits = Object.freeze({
  maxTokens: 1000,
  maxDepth: 12,
  maxRootFields: 20,
  maxAliases: 50,
  maxDirectives: 50,
  maxSelections: 500,
  maxCost: 10_000,
  maxPageSize: MAX_PAGE_SIZE,
})
