import { MAX_PAGE_SIZE } from './page.ts'

/** How much one request of the API may ask for: docs/limits.md. */
export interface QueryLimits {
  /** Words, names and signs of the document. */
  readonly maxTokens: number
  /** Fields within fields. */
  readonly maxDepth: number
  readonly maxRootFields: number
  readonly maxAliases: number
  readonly maxDirectives: number
  /** Fields and fragments, with every fragment counted wherever it is spread. */
  readonly maxSelections: number
  /** Objects of the answer, at most: what pages multiply. */
  readonly maxCost: number
  /** Of `first` and `last`. */
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
