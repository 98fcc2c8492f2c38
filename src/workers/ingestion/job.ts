import { randomUUID } from 'node:crypto'
import {
  type Ingestion,
  type IngestionIdentity,
  isExpectedSha256,
  queuedIngestion,
  type RejectedRow,
} from '../../domain/ingestion.ts'
import type { IngestOutcome, IngestRequest } from '../../domain/ingestor.ts'
import type { HashedFile } from '../../ingestion/input-file.ts'
import type { AcceptedFile } from './file-intake.ts'
import type { IngestionCommand, IngestionEvent } from './ingestion-process.ts'

export interface IngestionListener {
  /** Receives every new state, from RUNNING to the last one. */
  onState?(state: Ingestion): void
  /** Receives every rejected row, including those that the database does not keep. */
  onRejected?(rows: readonly RejectedRow[]): void
}

/** A file from the moment it is queued until its ingestion ends, with those who listen. */
export class IngestionJob {
  readonly #file: HashedFile
  readonly identity: IngestionIdentity
  readonly outcome: Promise<IngestOutcome>
  state: Ingestion
  readonly #request: IngestRequest
  readonly #listeners = new Set<IngestionListener>()
  readonly #cancellation = new AbortController()
  #resolve!: (outcome: IngestOutcome) => void
  #reject!: (reason: unknown) => void

  constructor({ file, fileName }: AcceptedFile, request: IngestRequest, programVersion: string) {
    this.#file = file
    this.identity = {
      id: randomUUID(),
      fileName,
      sha256: file.sha256,
      fileSize: Number(file.state.size),
      dryRun: request.dryRun,
      queuedAt: Date.now(),
      programVersion,
    }
    this.state = queuedIngestion(this.identity)
    this.#request = request
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    // Without a caller that waits, a rejection would otherwise end the program.
    this.outcome.catch(() => {})
  }

  get command(): IngestionCommand {
    const { expectedSha256, strict = false } = this.#request
    const emitRejected = [...this.#listeners].some(({ onRejected }) => onRejected !== undefined)
    return { type: 'ingest', file: this.#file, identity: this.identity, expectedSha256, strict, emitRejected }
  }

  /** Aborted when the ingestion is cancelled. */
  get signal(): AbortSignal {
    return this.#cancellation.signal
  }

  /** Whether this ingestion also serves another request: same bytes and options, and its checksum is as expected. */
  answers(sha256: string, { dryRun, strict = false }: IngestRequest): boolean {
    const own = this.#request
    const isSameWork = this.#file.sha256 === sha256 && own.dryRun === dryRun && (own.strict ?? false) === strict
    return isSameWork && isExpectedSha256(sha256, own.expectedSha256)
  }

  /** @returns a function that removes the listener */
  listen(listener: IngestionListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Returns the state now, then the newest state each time the consumer asks for one, and always the last one. */
  watch(): AsyncIterableIterator<Ingestion> {
    const latest = new LatestValue(this.state, () => unlisten())
    const unlisten = this.listen({ onState: state => latest.set(state) })
    const end = () => {
      unlisten()
      latest.end()
    }
    this.outcome.then(end, end)
    return latest
  }

  onEvent(event: IngestionEvent): void {
    if (event.type === 'progress') this.change(event.progress)
    if (event.type === 'rejected') for (const listener of this.#listeners) listener.onRejected?.(event.rows)
  }

  change(changes: Partial<Ingestion>): void {
    this.state = { ...this.state, ...changes }
    for (const listener of this.#listeners) listener.onState?.(this.state)
  }

  cancel(): void {
    this.#cancellation.abort()
  }

  end(outcome: IngestOutcome): void {
    if (outcome.ingestion) this.change(outcome.ingestion)
    this.#resolve(outcome)
  }

  /** @param ingestion the ledger entry, if there is one */
  fail(reason: unknown, ingestion: Ingestion | null): void {
    if (ingestion) this.change(ingestion)
    this.#reject(reason)
  }
}

/**
 * Delivers the newest of a producer's values to one consumer. Values that the consumer does not read in time are skipped,
 * except the last one. Unlike a generator, `return` takes effect immediately rather than at the next value.
 */
export class LatestValue<Value> implements AsyncIterableIterator<Value> {
  #unread: { readonly value: Value } | undefined
  #hasEnded = false
  #wake = () => {}
  readonly #onReturn: () => void

  /** @param onReturn called when the consumer stops before the end */
  constructor(first: Value, onReturn: () => void) {
    this.#unread = { value: first }
    this.#onReturn = onReturn
  }

  set(value: Value): void {
    if (this.#hasEnded) return
    this.#unread = { value }
    this.#wake()
  }

  /** Ends the iteration after the value that is still unread. */
  end(): void {
    this.#hasEnded = true
    this.#wake()
  }

  async next(): Promise<IteratorResult<Value, undefined>> {
    while (!this.#unread && !this.#hasEnded) await new Promise<void>(resolve => (this.#wake = resolve))
    const read = this.#unread
    this.#unread = undefined
    return read ? { done: false, value: read.value } : { done: true, value: undefined }
  }

  async return(): Promise<IteratorResult<Value, undefined>> {
    this.#unread = undefined
    this.end()
    this.#onReturn()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
