import type { Caller } from '../domain/access.ts'
import type { Ingestor } from '../domain/ingestor.ts'
import type { Reader } from '../domain/reader.ts'

/** The domain's ports, and the clock. */
export interface GraphQLServices {
  readonly reader: Reader
  readonly ingestor: Ingestor
  /** The present in milliseconds. */
  now(): number
  /** Of `first` and `last`; as the schema says when it is left out. */
  readonly maxPageSize?: number
}

/** What every resolver may use, and for whom. */
export interface GraphQLContext extends GraphQLServices {
  readonly caller: Caller
}
