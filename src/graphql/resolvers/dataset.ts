import type { DatasetResolvers } from '../generated.ts'

export const dataset: DatasetResolvers = {
  lastIngestion: ({ lastIngestionId }, _, { reader }) =>
    lastIngestionId === null ? null : reader.ingestion(lastIngestionId),

  growthCoverage: (_, kind, { reader }) => reader.growthCoverage(kind),
}
