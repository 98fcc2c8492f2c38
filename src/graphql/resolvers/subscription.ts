import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from '../../domain/errors.ts'
import type { Ingestion } from '../../domain/ingestion.ts'
import type { Reader } from '../../domain/store.ts'
import type { GraphQLContext } from '../context.ts'
import type { SubscriptionResolvers } from '../generated.ts'
import { ingestionIdOf } from '../node-id.ts'
import { paced } from '../paced.ts'
import { findIngestion } from './ingestion.ts'

/** Ten a second are as many as an eye can follow. */
const PUSH_EVERY_MS = 100
const ASK_EVERY_MS = 1_000

export const ingestionProgress: NonNullable<SubscriptionResolvers['ingestionProgress']> = {
  subscribe: (_, { id }, context) => statesOf(ingestionIdOf(id), context),

  resolve: (pushed: Ingestion) => pushed,
}

async function statesOf(id: string, context: GraphQLContext): Promise<AsyncIterable<Ingestion>> {
  const underWay = context.ingestor.watch(id)
  if (underWay) return paced(underWay, PUSH_EVERY_MS)
  const found = await findIngestion(id, context)
  if (found) return statesInLedger(found, context.reader)
  throw new Refusal('NOT_FOUND', 'There is no ingestion of that id. A queued one is forgotten when the server stops.')
}

/** Its state once, if it has ended. Of one that another program runs no word comes, so the ledger is asked. */
async function* statesInLedger(found: Ingestion, reader: Reader): AsyncGenerator<Ingestion> {
  yield found
  for (let state: Ingestion | null = found; state?.status === 'RUNNING'; ) {
    await sleep(ASK_EVERY_MS, undefined, { ref: false })
    state = await reader.ingestion(found.id)
    if (state && state.status !== 'RUNNING') yield state
  }
}
