import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../domain/errors.ts'
import type { Ingestion } from '../../domain/ingestion.ts'
import type { Reader } from '../../domain/reader.ts'
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
  throw new AppError('NOT_FOUND', 'There is no ingestion of that id. A queued one is forgotten when the server stops.')
}

/** Its state once, if it has ended. Of one that another program runs no word comes, so the ledger is asked. */
function statesInLedger(found: Ingestion, reader: Reader): AsyncIterableIterator<Ingestion> {
  const left = new AbortController()
  const states = asked(found, reader, left.signal)
  return {
    next: () => states.next(),
    // A generator that waits would hear of it when there is something to tell.
    return() {
      left.abort()
      return states.return(undefined)
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

async function* asked(found: Ingestion, reader: Reader, left: AbortSignal): AsyncGenerator<Ingestion, undefined> {
  yield found
  for (let state: Ingestion | null = found; state?.status === 'RUNNING'; ) {
    await sleep(ASK_EVERY_MS, undefined, { ref: false, signal: left }).catch(() => {})
    if (left.aborted) return
    state = await reader.ingestion(found.id)
    if (state && state.status !== 'RUNNING') yield state
  }
}
