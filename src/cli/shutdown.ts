import { setTimeout as sleep } from 'node:timers/promises'
import type { IngestionSupervisor } from '../workers/ingestion/supervisor.ts'
import { printable } from './format.ts'

/** With npm, one Ctrl-C sends SIGINT twice: from the terminal and from npm. */
const SAME_SIGNAL_MS = 500

/** SIGINT and SIGTERM: the first one requests a graceful shutdown, the second one forces it. */
export class ShutdownSignals {
  readonly #requested = new AbortController()
  readonly #forced = new AbortController()
  #lastSignal = Number.NEGATIVE_INFINITY

  constructor() {
    process.on('SIGINT', this.#onSignal).on('SIGTERM', this.#onSignal)
  }

  /** Aborted by the first signal. */
  get requested(): AbortSignal {
    return this.#requested.signal
  }

  /** Aborted by the second signal. */
  get forced(): AbortSignal {
    return this.#forced.signal
  }

  dispose(): void {
    process.off('SIGINT', this.#onSignal).off('SIGTERM', this.#onSignal)
  }

  readonly #onSignal = () => {
    const isSame = performance.now() - this.#lastSignal < SAME_SIGNAL_MS
    this.#lastSignal = performance.now()
    if (!this.#requested.signal.aborted) this.#requested.abort()
    else if (!isSame) this.#forced.abort()
  }
}

/** Resolves when the signal is aborted; immediately if it is already. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

export interface GracePeriod {
  readonly seconds: number
  /** Ends the grace period early. */
  readonly forced: AbortSignal
}

/**
 * Waits for the running ingestion and for `pendingRequests`. After the grace period the ingestion is cancelled and rolled
 * back.
 */
export async function drain(
  supervisor: IngestionSupervisor,
  { seconds, forced }: GracePeriod,
  pendingRequests = Promise.resolve(),
): Promise<void> {
  const timers = new AbortController()
  const isDrained = await Promise.race([
    Promise.all([supervisor.drain(), pendingRequests]).then(() => true),
    announce(supervisor.load.running?.fileName, seconds, timers.signal),
    sleep(seconds * 1000, false, { signal: timers.signal }).catch(() => false),
    aborted(forced).then(() => false),
  ])
  timers.abort()
  if (isDrained) return
  const { running } = supervisor.load
  if (running)
    process.stdout.write(`Cancelling the ingestion of ${printable(running.fileName)}. The database is not changed.\n`)
  await supervisor.abort()
}

/** A shorter wait is not announced. */
const QUIET_MS = 200

async function announce(fileName: string | undefined, seconds: number, signal: AbortSignal): Promise<never> {
  await sleep(QUIET_MS, undefined, { signal }).catch(() => {})
  if (!signal.aborted) {
    const what = fileName === undefined ? 'pending requests' : `the ingestion of ${printable(fileName)}`
    process.stdout.write(`Waiting up to ${seconds} s for ${what}. Press Ctrl-C again to cancel.\n`)
  }
  return new Promise(() => {})
}
