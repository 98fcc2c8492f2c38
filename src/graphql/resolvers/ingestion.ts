import { type Ingestion, rowsPerSecond, secondsLeft } from '../../domain/ingestion.ts'
import { Connection, pageRequest } from '../connection.ts'
import { currentTime, type GraphQLContext, ingestionInProgress } from '../context.ts'
import { rejectedRowCursors } from '../cursors.ts'
import type { IngestionResolvers } from '../generated.ts'
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

/** Reads the clock only if the result depends on it: a response that read the clock is not cached. */
function endOrNow({ finishedAt }: Ingestion, context: GraphQLContext): number {
  return finishedAt ?? currentTime(context)
}

/**
 * Finds an ingestion in the queue or in the ledger. The server's memory has the queue and the progress; the ledger has an
 * ingestion once it is RUNNING, without progress. The ledger decides how an ingestion ended: its entry is committed with
 * the data, before the server's memory learns of it.
 */
export async function findIngestion(id: string, context: GraphQLContext): Promise<Ingestion | null> {
  const inMemory = ingestionInProgress(id, context)
  if (inMemory && inMemory.status !== 'RUNNING') return inMemory
  const inLedger = await context.reader.ingestion(id)
  return inMemory && (inLedger === null || inLedger.status === 'RUNNING') ? inMemory : inLedger
}

/** Returns a ledger entry, with its progress if it is RUNNING. */
export function withProgress(ingestion: Ingestion, context: GraphQLContext): Ingestion {
  return ingestion.status === 'RUNNING' ? (ingestionInProgress(ingestion.id, context) ?? ingestion) : ingestion
}
