import type { LedgerOutcome } from '../../domain/ingestor.ts'
import type { MutationResolvers } from '../generated.ts'
import { ingestionIdOf } from '../node-id.ts'

export const cancelIngestion: NonNullable<MutationResolvers['cancelIngestion']> = async (_, { input }, { ingestor }) =>
  payload(await ingestor.cancel(ingestionIdOf(input.id)))

export const revertIngestion: NonNullable<MutationResolvers['revertIngestion']> = async (_, { input }, { ingestor }) =>
  payload(await ingestor.revert(ingestionIdOf(input.id)))

function payload({ ingestion, error }: LedgerOutcome) {
  return { ingestion, userErrors: error === null ? [] : [error] }
}
