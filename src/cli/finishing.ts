import { setTimeout as sleep } from 'node:timers/promises'
import type { IngestionSupervisor } from '../workers/ingestion/supervisor.ts'
import { printable } from './format.ts'
import { aborted } from './stop-signals.ts'

export interface Grace {
  readonly seconds: number
  /** Ends it early. */
  readonly urgent: AbortSignal
}

/**
 * Lets the ingestion that runs end, and what `others` waits for, and says what it waits for. What takes longer than the
 * grace is cancelled: an ingestion takes everything back.
 */
export async function finish(supervisor: IngestionSupervisor, { seconds, urgent }: Grace, others = Promise.resolve()) {
  const ended = Promise.all([supervisor.drain(), others])
  const { running } = supervisor.load
  const timer = new AbortController()
  const isFinished = await Promise.race([
    ended.then(() => true),
    saying(running?.fileName, seconds, timer.signal),
    sleep(seconds * 1000, false, { signal: timer.signal }).catch(() => false),
    aborted(urgent).then(() => false),
  ])
  timer.abort()
  if (isFinished) return
  const { running: left } = supervisor.load
  if (left) process.stdout.write(`Cancelling the ingestion of ${printable(left.fileName)}: nothing of it is kept.\n`)
  await supervisor.abort()
}

/** What ends in this time needs no words. */
const QUIET_MS = 200

async function saying(fileName: string | undefined, seconds: number, signal: AbortSignal): Promise<never> {
  await sleep(QUIET_MS, undefined, { signal }).catch(() => {})
  if (!signal.aborted) {
    const what = fileName === undefined ? 'the requests under way' : `the ingestion of ${printable(fileName)}`
    process.stdout.write(`Waiting for ${what}, ${seconds} s at most. Ctrl-C again cancels it at once.\n`)
  }
  return new Promise(() => {})
}
