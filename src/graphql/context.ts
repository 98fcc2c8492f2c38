import type { Ingestor, Reader } from '../domain/store.ts'

/** What every resolver may use: the domain's ports, and the clock. */
export interface GraphQLContext {
  readonly reader: Reader
  readonly ingestor: Ingestor
  /** The present in milliseconds. */
  now(): number
}
