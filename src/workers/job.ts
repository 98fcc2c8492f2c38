import { type Ingestion, type IngestionIdentity, isExpectedSha256, type RejectedRow } from '../domain/ingestion.ts'
import type { IngestOutcome, IngestRequest } from '../domain/ingestor.ts'
import type { HashedFile } from '../ingestion/drop.ts'
import { LatestValue } from './latest-value.ts'
import type { News } from './messages.ts'

/** Whoever follows one ingestion. */
export interface Follower {
  /** Told of every change while it is queued or running. */
  onState?(state: Ingestion): void
  /** Told every rejected row, not only those that the database keeps. */
  onRejected?(rows: readonly RejectedRow[]): void
}

/** One file from being queued to its end, and whoever follows it. */
export class Job {
  readonly file: HashedFile
  readonly expectedSha256: string | undefined
  readonly strict: boolean
  readonly identity: IngestionIdentity
  readonly outcome: Promise<IngestOutcome>
  state: Ingestion
  isCancelled = false
  readonly #followers = new Set<Follower>()
  #resolve!: (outcome: IngestOutcome) => void
  #reject!: (reason: unknown) => void

  constructor(file: HashedFile, request: IngestRequest, identity: IngestionIdentity, state: Ingestion) {
    this.file = file
    this.expectedSha256 = request.expectedSha256
    this.strict = request.strict ?? false
    this.identity = identity
    this.state = state
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    // Nobody may be waiting; whoever does still sees the rejection.
    this.outcome.catch(() => {})
  }

  follow(follower: Follower): () => void {
    this.#followers.add(follower)
    return () => this.#followers.delete(follower)
  }

  /** False when its only end is a CHECKSUM_MISMATCH. */
  get isAsExpected(): boolean {
    return isExpectedSha256(this.file.sha256, this.expectedSha256)
  }

  get wantsRejected(): boolean {
    return [...this.#followers].some(({ onRejected }) => onRejected !== undefined)
  }

  hear(news: News): void {
    if (news.type === 'progress') this.change(news.progress)
    if (news.type === 'rejected') for (const follower of this.#followers) follower.onRejected?.(news.rows)
  }

  change(news: Partial<Ingestion>): void {
    this.state = { ...this.state, ...news }
    for (const follower of this.#followers) follower.onState?.(this.state)
  }

  cancel(): void {
    this.isCancelled = true
  }

  end(outcome: IngestOutcome): void {
    if (outcome.ingestion) this.change(outcome.ingestion)
    this.#resolve(outcome)
  }

  /** @param ingestion what the ledger says of it */
  fail(reason: unknown, ingestion: Ingestion | null): void {
    if (ingestion) this.change(ingestion)
    this.#reject(reason)
  }

  /** The state now, then the newest state whenever it has changed and the consumer is ready for it, to the last. */
  watch(): AsyncIterableIterator<Ingestion> {
    const latest = new LatestValue(this.state, () => unfollow())
    const unfollow = this.follow({ onState: state => latest.set(state) })
    const end = () => {
      unfollow()
      latest.end()
    }
    this.outcome.then(end, end)
    return latest
  }
}
