import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../domain/errors.ts'
import type { Ingestion } from '../../domain/ingestion.ts'
import type { Reader } from '../../domain/reader.ts'
import type { GraphQLContext } from '../context.ts'
import type { SubscriptionResolvers } from '../generated.ts'
import { parseIngestionId } from '../node-id.ts'
import { findIngestion } from './ingestion.ts'

const MIN_PUSH_INTERVAL_MS = 100
const POLL_INTERVAL_MS = 1_000

export const subscription: SubscriptionResolvers = {
  ingestionProgress: {
    subscribe: (_, { id }, context) => ingestionStates(parseIngestionId(id), context),
    resolve: (state: Ingestion) => state,
  },
}

async function ingestionStates(id: string, context: GraphQLContext): Promise<AsyncIterable<Ingestion>> {
  const states = context.ingestor.watch(id)
  if (states) return throttle(states, MIN_PUSH_INTERVAL_MS)
  const found = await findIngestion(id, context)
  if (found) return pollLedger(found, context.reader)
  const message = 'No ingestion has this id. A queued ingestion is lost when the server stops.'
  throw new AppError('NOT_FOUND', message)
}

/**
 * Yields at most one value of `source` per interval. `source` must yield its newest value, so that only outdated values
 * are skipped, and end with its last one. `return` takes effect immediately.
 */
export function throttle<Value>(
  source: AsyncIterableIterator<Value>,
  intervalMs: number,
): AsyncIterableIterator<Value> {
  let interval: Promise<unknown> = Promise.resolve()
  return {
    async next() {
      await interval
      const result = await source.next()
      interval = sleep(intervalMs, undefined, { ref: false })
      return result
    },
    async return() {
      interval = Promise.resolve()
      await source.return?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** Yields the state of an ingestion that this server does not run. If another program runs it, polls for its end. */
function pollLedger(found: Ingestion, reader: Reader): AsyncIterableIterator<Ingestion> {
  const stop = new AbortController()
  const states = polledStates(found, reader, stop.signal)
  return {
    next: () => states.next(),
    // `states.return` alone takes effect only at the next value.
    return() {
      stop.abort()
      return states.return(undefined)
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

async function* polledStates(
  found: Ingestion,
  reader: Reader,
  signal: AbortSignal,
): AsyncGenerator<Ingestion, undefined> {
  yield found
  for (let state: Ingestion | null = found; state?.status === 'RUNNING'; ) {
    await sleep(POLL_INTERVAL_MS, undefined, { ref: false, signal }).catch(() => {})
    if (signal.aborted) return
    state = await reader.ingestion(found.id)
    if (state && state.status !== 'RUNNING') yield state
  }
}
