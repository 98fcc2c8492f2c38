import { deserializeError, isUserError, toUserError, type UserError } from '../domain/errors.ts'
import type { Ingestion } from '../domain/ingestion.ts'
import type { LedgerOutcome } from '../domain/ingestor.ts'
import type { GuardedProcess } from './guarded-process.ts'
import { causeOfUnreverted, REVERSAL_STOPPED } from './refusals.ts'

export interface ReversalOptions {
  readonly process: GuardedProcess
  readonly findIngestion: (id: string) => Promise<Ingestion | null>
  /** Whether nothing is begun any more. */
  readonly isStopped: () => boolean
  readonly onFault?: ((stack: string) => void) | undefined
}

/** Has ingestions reverted by the process that ingests, one at a time. */
export class Reversals {
  readonly #options: ReversalOptions
  #count = 0
  #isRunning = false

  constructor(options: ReversalOptions) {
    this.#options = options
  }

  /** Those that run or wait for their turn. */
  get count(): number {
    return this.#count
  }

  /** @param turn resolves when it may begin */
  async revert(id: string, turn: Promise<unknown>): Promise<LedgerOutcome> {
    this.#count++
    try {
      await turn
      return await this.#revertNow(id)
    } finally {
      this.#count--
    }
  }

  /** Ends the one that runs: nothing is changed. */
  stop(): void {
    if (this.#isRunning) this.#options.process.kill()
  }

  async refuse(id: string, error: UserError): Promise<LedgerOutcome> {
    return { ingestion: await this.#options.findIngestion(id), error }
  }

  async #revertNow(id: string): Promise<LedgerOutcome> {
    const { process, isStopped, onFault } = this.#options
    if (isStopped()) return this.refuse(id, REVERSAL_STOPPED)
    this.#isRunning = true
    const end = await process.run({ type: 'revert', id }).finally(() => (this.#isRunning = false))
    if (end.type === 'finished') return { ingestion: end.ingestion, error: null }
    if (end.type === 'failed') {
      const failure = deserializeError(end.error)
      if (!isUserError(failure)) throw failure
      return this.refuse(id, toUserError(failure))
    }
    const error = end.breach ?? (isStopped() ? REVERSAL_STOPPED : causeOfUnreverted(end))
    onFault?.(`the process that reverted an ingestion died (${end.how}): ${error.code}`)
    const outcome = await this.refuse(id, error)
    // It may have committed everything before it died.
    return outcome.ingestion?.status === 'REVERTED' ? { ...outcome, error: null } : outcome
  }
}
