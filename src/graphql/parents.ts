import type { Account } from '../domain/account.ts'
import type { Growth } from '../domain/growth.ts'
import type { Ingestion } from '../domain/ingestion.ts'
import type { MeasuredPoint, Measurement } from '../domain/measurement.ts'

/*
 * What resolvers of a type are handed where that is not the domain's value as it is: what a parent already knows is
 * passed on, so that it is not read again.
 */

/** Growth, with the account that it is of. */
export type GrowthParent = Growth & { readonly account: Account }

/** A measurement, of which the ends of growth know only the point: the rest is read when it is asked for. */
export interface MeasurementParent extends MeasuredPoint, Partial<Pick<Measurement, 'categories' | 'ingestionId'>> {
  readonly account?: Account
  /** Finds an ingestion once for all measurements of a page. */
  readonly findIngestion?: (id: string) => Promise<Ingestion | null>
}
