import { z } from 'zod'
import { DEFAULT_QUERY_LIMITS, type QueryLimits } from '../domain/query-limits.ts'

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

const positive = (byDefault: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'must be a whole number above 0')
    .transform(Number)
    .default(byDefault)

export const LIMIT_SETTINGS = {
  QUERY_MAX_TOKENS: positive(DEFAULT_QUERY_LIMITS.maxTokens),
  QUERY_MAX_DEPTH: positive(DEFAULT_QUERY_LIMITS.maxDepth),
  QUERY_MAX_ROOT_FIELDS: positive(DEFAULT_QUERY_LIMITS.maxRootFields),
  QUERY_MAX_ALIASES: positive(DEFAULT_QUERY_LIMITS.maxAliases),
  QUERY_MAX_DIRECTIVES: positive(DEFAULT_QUERY_LIMITS.maxDirectives),
  QUERY_MAX_SELECTIONS: positive(DEFAULT_QUERY_LIMITS.maxSelections),
  QUERY_MAX_COST: positive(DEFAULT_QUERY_LIMITS.maxCost),
  QUERY_MAX_PAGE_SIZE: positive(DEFAULT_QUERY_LIMITS.maxPageSize),
  HTTP_MAX_BODY_BYTES: positive(2 ** 20),
  HTTP_BODY_SECONDS: positive(30),
  HTTP_KEEP_ALIVE_SECONDS: positive(72),
  HTTP_MAX_CONNECTIONS: positive(2_000),
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
