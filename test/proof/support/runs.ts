import type { Parameters } from 'fast-check'

/** PROOF_RUNS=10 proves ten times as long, and PROOF_SEED=n on other data: by itself a run is the same each time. */
const FACTOR = Number(process.env.PROOF_RUNS ?? 1)
const SEED = Number(process.env.PROOF_SEED ?? 31)

const LIMIT_MS = 60_000 * Math.max(1, FACTOR)

/** For a test of properties; above the limit of the property itself. */
export const TIMEOUT_MS = LIMIT_MS + 30_000

/** @param usual number of runs */
export function runs<T>(usual: number): Parameters<T> {
  return {
    seed: SEED,
    numRuns: Math.ceil(usual * FACTOR),
    interruptAfterTimeLimit: LIMIT_MS,
    markInterruptAsFailure: true,
  }
}
