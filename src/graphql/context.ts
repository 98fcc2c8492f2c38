import type { Caller } from '../domain/access.ts'
import type { Account } from '../domain/account.ts'
import type { Growth } from '../domain/growth.ts'
import type { Ingestion } from '../domain/ingestion.ts'
import type { Ingestor } from '../domain/ingestor.ts'
import type { MeasuredPoint, Measurement } from '../domain/measurement.ts'
import type { Reader } from '../domain/reader.ts'

/** What resolvers need of the server, for every request. */
export interface GraphQLServices {
  readonly reader: Reader
  readonly ingestor: Ingestor
  /** Returns the current time in milliseconds. */
  now(): number
  /** The limit of `first` and `last`. Default: 100. */
  readonly maxPageSize?: number
}

/** The context value of a request. */
export interface GraphQLContext extends GraphQLServices {
  readonly caller: Caller
  readonly cacheability: Cacheability
}

/** An object of its own, because Apollo Server copies the context for each operation. */
export interface Cacheability {
  /** Whether the response depends on the database alone, so that it can be cached until the next commit. */
  isCacheable: boolean
}

export function createContext(services: GraphQLServices, caller: Caller): GraphQLContext {
  return { ...services, caller, cacheability: { isCacheable: true } }
}

/** Returns the current time in milliseconds, and marks the response as not cacheable. */
export function currentTime(context: GraphQLContext): number {
  context.cacheability.isCacheable = false
  return context.now()
}

/** Returns an ingestion in the server's memory, if it is there, and then marks the response as not cacheable. */
export function ingestionInProgress(id: string, context: GraphQLContext): Ingestion | undefined {
  const ingestion = context.ingestor.inProgress(id)
  if (ingestion) context.cacheability.isCacheable = false
  return ingestion
}

/** The parent value of `Growth` resolvers, with the account so that it is not read again. */
export type GrowthParent = Growth & { readonly account: Account }

/**
 * The parent value of `Measurement` resolvers. `Growth.from` and `Growth.to` know only the point; the resolvers read the
 * rest when it is selected.
 */
export interface MeasurementParent extends MeasuredPoint, Partial<Pick<Measurement, 'categories' | 'ingestionId'>> {
  readonly account?: Account
  /** Finds ingestions, each once for all measurements of a page. */
  readonly findIngestion?: (id: string) => Promise<Ingestion | null>
}
