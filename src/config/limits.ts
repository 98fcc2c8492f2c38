import { z } from 'zod'
import { MAX_PAGE_SIZE } from '../domain/page.ts'
import { DEFAULT_QUERY_LIMITS, type QueryLimits } from '../domain/query-limits.ts'
import { seconds, wholeNumber } from './whole-number.ts'

/** What one request may ask for: docs/limits.md. */
export interface LimitConfig {
  readonly query: QueryLimits
  readonly maxBodyBytes: number
  /** Within this headers and body have to arrive. */
  readonly bodyMs: number
  readonly maxConnections: number
  /** How long a connection is kept on which nothing more is asked. */
  readonly keepAliveMs: number
}

export const LIMIT_SETTINGS = {
  QUERY_MAX_TOKENS: wholeNumber(DEFAULT_QUERY_LIMITS.maxTokens),
  QUERY_MAX_DEPTH: wholeNumber(DEFAULT_QUERY_LIMITS.maxDepth),
  QUERY_MAX_ROOT_FIELDS: wholeNumber(DEFAULT_QUERY_LIMITS.maxRootFields),
  QUERY_MAX_ALIASES: wholeNumber(DEFAULT_QUERY_LIMITS.maxAliases),
  QUERY_MAX_DIRECTIVES: wholeNumber(DEFAULT_QUERY_LIMITS.maxDirectives),
  QUERY_MAX_SELECTIONS: wholeNumber(DEFAULT_QUERY_LIMITS.maxSelections),
  QUERY_MAX_COST: wholeNumber(DEFAULT_QUERY_LIMITS.maxCost),
  // The schema promises that no page is larger.
  QUERY_MAX_PAGE_SIZE: wholeNumber(DEFAULT_QUERY_LIMITS.maxPageSize, MAX_PAGE_SIZE),
  HTTP_MAX_BODY_BYTES: wholeNumber(2 ** 20),
  HTTP_BODY_SECONDS: seconds(30),
  HTTP_KEEP_ALIVE_SECONDS: seconds(72),
  HTTP_MAX_CONNECTIONS: wholeNumber(2_000),
}

const PARSED = z.object(LIMIT_SETTINGS)

export function limitConfig(settings: z.output<typeof PARSED>): LimitConfig {
  return Object.freeze({
    query: Object.freeze({
      maxTokens: settings.QUERY_MAX_TOKENS,
      maxDepth: settings.QUERY_MAX_DEPTH,
      maxRootFields: settings.QUERY_MAX_ROOT_FIELDS,
      maxAliases: settings.QUERY_MAX_ALIASES,
      maxDirectives: settings.QUERY_MAX_DIRECTIVES,
      maxSelections: settings.QUERY_MAX_SELECTIONS,
      maxCost: settings.QUERY_MAX_COST,
      maxPageSize: settings.QUERY_MAX_PAGE_SIZE,
    }),
    maxBodyBytes: settings.HTTP_MAX_BODY_BYTES,
    bodyMs: settings.HTTP_BODY_SECONDS * 1000,
    keepAliveMs: settings.HTTP_KEEP_ALIVE_SECONDS * 1000,
    maxConnections: settings.HTTP_MAX_CONNECTIONS,
  })
}
