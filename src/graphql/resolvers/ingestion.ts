import { type Ingestion, rowsPerSecond, secondsLeft } from '../../domain/ingestion.ts'
import type { Ingestor } from '../../domain/ingestor.ts'
import { pageRequest } from '../arguments/page.ts'
import { Connection } from '../connection.ts'
import type { GraphQLContext } from '../context.ts'
import type { IngestionResolvers } from '../generated.ts'
import { rejectedRowCursors } from '../ingestion-cursors.ts'
import { nodeId } from '../node-id.ts'

export const ingestion: IngestionResolvers = {
  id: ({ id }) => nodeId({ type: 'Ingestion', id }),

  rowsPerSecond: (ingestion, _, context) => rowsPerSecond(ingestion, endOrNow(ingestion, context)),

  secondsLeft: (ingestion, _, context) => secondsLeft(ingestion, endOrNow(ingestion, context)),

  async rejectedRows({ id }, args, { reader, maxPageSize }) {
    const cursors = rejectedRowCursors(id)
    const page = await reader.rejectedRows(id, pageRequest(args, cursors, maxPageSize))
    return new Connection(page, cursors, () => reader.countRejectedRows(id))
  },
}

/** The clock is asked only when the answer depends on it: one that does not may be given again later. */
function endOrNow({ finishedAt }: Ingestion, { now }: GraphQLContext): number {
  return finishedAt ?? now()
}

/**
 * The queue and the progress are in memory; the ledger has an ingestion from its turn on, and no progress. How it ended
 * is committed with its data, before word of it gets here: the ledger has the last word.
 */
export async function findIngestion(id: string, { reader, ingestor }: GraphQLContext): Promise<Ingestion | null> {
  const underWay = ingestor.inProgress(id)
  if (underWay && underWay.status !== 'RUNNING') return underWay
  const line = await reader.ingestion(id)
  return underWay && (line === null || line.status === 'RUNNING') ? underWay : line
}

/** A line of the ledger, with its progress when it is running. */
export function asItStands(ingestion: Ingestion, ingestor: Ingestor): Ingestion {
  return ingestion.status === 'RUNNING' ? (ingestor.inProgress(ingestion.id) ?? ingestion) : ingestion
}
