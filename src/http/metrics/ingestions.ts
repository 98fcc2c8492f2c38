import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { type QueueStatus, rowsPerSecond } from '../../domain/ingestion.ts'
import type { IngestOutcome } from '../../domain/ingestor.ts'

const BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800]

/** What becomes of files and their rows. */
export class IngestionMetrics {
  readonly #ingestions: Counter<'status' | 'code'>
  readonly #seconds: Histogram
  readonly #rows: Counter<'outcome'>
  readonly #rejected: Counter<'reason'>
  readonly #warnings: Counter<'code'>
  readonly #register: Registry
  #lastRowsPerSecond = 0

  constructor(register: Registry) {
    this.#register = register
    const registers = [register]
    this.#ingestions = new Counter({
      name: 'account_growth_ingestions_total',
      help: 'Files by how their ingestion ended; code is that of the error, none without one',
      labelNames: ['status', 'code'],
      registers,
    })
    this.#seconds = new Histogram({
      name: 'account_growth_ingestion_duration_seconds',
      help: 'Of an ingestion that began, from its begin to its end',
      buckets: BUCKETS,
      registers,
    })
    this.#rows = new Counter({
      name: 'account_growth_rows_total',
      help: 'Rows of files that were ingested, by what became of them',
      labelNames: ['outcome'],
      registers,
    })
    this.#rejected = new Counter({
      name: 'account_growth_rejected_rows_total',
      help: 'Rows that were set aside from files that were ingested, by reason',
      labelNames: ['reason'],
      registers,
    })
    this.#warnings = new Counter({
      name: 'account_growth_ingestion_warnings_total',
      help: 'Warnings of files that were ingested, by code',
      labelNames: ['code'],
      registers,
    })
  }

  ended(outcome: IngestOutcome): void {
    const { ingestion, alreadyIngested, error } = outcome
    this.#ingestions.inc({ status: statusOf(outcome), code: error?.code ?? 'none' })
    if (!ingestion || alreadyIngested || ingestion.startedAt === null) return
    this.#seconds.observe(((ingestion.finishedAt ?? Date.now()) - ingestion.startedAt) / 1000)
    this.#lastRowsPerSecond = rowsPerSecond(ingestion, Date.now()) ?? 0
    if (ingestion.status !== 'SUCCEEDED' || ingestion.dryRun) return
    for (const outcome of ['inserted', 'corrected', 'unchanged', 'rejected'] as const)
      this.#rows.inc({ outcome }, ingestion[outcome])
    for (const { reason, count } of ingestion.rejections) this.#rejected.inc({ reason }, count)
    for (const { code } of ingestion.warnings) this.#warnings.inc({ code })
  }

  /** Tells of what there is to do, too. */
  follow(load: () => QueueStatus): void {
    const perSecond = () => {
      const { running } = load()
      return running ? (rowsPerSecond(running, Date.now()) ?? 0) : this.#lastRowsPerSecond
    }
    this.#gauge('account_growth_ingestion_rows_per_second', 'Of the ingestion that runs, else of the last', perSecond)
    this.#gauge('account_growth_ingestions_queued', 'Files that wait for their turn', () => load().queued)
    this.#gauge('account_growth_ingestions_running', '1 while a file is ingested', () => (load().running ? 1 : 0))
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#register],
      collect() {
        this.set(read())
      },
    })
  }
}

/** The ledger's word where there is one. Without an error too, the program itself has failed. */
function statusOf({ ingestion, alreadyIngested, error }: IngestOutcome): string {
  if (!ingestion) return error ? 'REFUSED' : 'FAILED'
  if (alreadyIngested) return 'ALREADY_INGESTED'
  return ingestion.dryRun && ingestion.status === 'SUCCEEDED' ? 'DRY_RUN' : ingestion.status
}
