import { Counter, Histogram, type Registry } from 'prom-client'
import { type QueueStatus, rowsPerSecond } from '../../domain/ingestion.ts'
import type { IngestOutcome } from '../../domain/ingestor.ts'
import { addGauge } from './state-metrics.ts'

const BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800]

/** Counts and times ingestions, and counts their rows. */
export class IngestionMetrics {
  readonly #registry: Registry
  readonly #ingestions: Counter<'status' | 'code'>
  readonly #seconds: Histogram
  readonly #rows: Counter<'outcome'>
  readonly #rejected: Counter<'reason'>
  readonly #warnings: Counter<'code'>
  #lastRowsPerSecond = 0

  constructor(registry: Registry) {
    this.#registry = registry
    const registers = [registry]
    this.#ingestions = new Counter({
      name: 'account_growth_ingestions_total',
      help: 'Files by the status of their ingestion; code is the error code, or none',
      labelNames: ['status', 'code'],
      registers,
    })
    this.#seconds = new Histogram({
      name: 'account_growth_ingestion_duration_seconds',
      help: 'Time of an ingestion from its start to its end',
      buckets: BUCKETS,
      registers,
    })
    this.#rows = new Counter({
      name: 'account_growth_rows_total',
      help: 'Rows of ingested files, by outcome',
      labelNames: ['outcome'],
      registers,
    })
    this.#rejected = new Counter({
      name: 'account_growth_rejected_rows_total',
      help: 'Rejected rows of ingested files, by reason',
      labelNames: ['reason'],
      registers,
    })
    this.#warnings = new Counter({
      name: 'account_growth_ingestion_warnings_total',
      help: 'Warnings of ingested files, by code',
      labelNames: ['code'],
      registers,
    })
  }

  onEnd(outcome: IngestOutcome): void {
    const { ingestion, alreadyIngested, error } = outcome
    this.#ingestions.inc({ status: statusLabel(outcome), code: error?.code ?? 'none' })
    if (!ingestion || alreadyIngested || ingestion.startedAt === null) return
    this.#seconds.observe(((ingestion.finishedAt ?? Date.now()) - ingestion.startedAt) / 1000)
    this.#lastRowsPerSecond = rowsPerSecond(ingestion, Date.now()) ?? 0
    if (ingestion.status !== 'SUCCEEDED' || ingestion.dryRun) return
    for (const outcome of ['inserted', 'corrected', 'unchanged', 'rejected'] as const)
      this.#rows.inc({ outcome }, ingestion[outcome])
    for (const { reason, count } of ingestion.rejections) this.#rejected.inc({ reason }, count)
    for (const { code } of ingestion.warnings) this.#warnings.inc({ code })
  }

  /** Adds the state of the queue. */
  observe(queueStatus: () => QueueStatus): void {
    const currentRowsPerSecond = () => {
      const { running } = queueStatus()
      return running ? (rowsPerSecond(running, Date.now()) ?? 0) : this.#lastRowsPerSecond
    }
    const gauge = (name: string, help: string, read: () => number) => addGauge(this.#registry, name, help, read)
    const speedHelp = 'Rows a second of the running ingestion, else of the last one'
    gauge('account_growth_ingestion_rows_per_second', speedHelp, currentRowsPerSecond)
    gauge('account_growth_ingestions_queued', 'Files that wait in the queue', () => queueStatus().queued)
    gauge('account_growth_ingestions_running', '1 while a file is ingested', () => (queueStatus().running ? 1 : 0))
  }
}

/** The status in the ledger if there is an entry. Without an entry and an error, the program itself has failed. */
function statusLabel({ ingestion, alreadyIngested, error }: IngestOutcome): string {
  if (!ingestion) return error ? 'REFUSED' : 'FAILED'
  if (alreadyIngested) return 'ALREADY_INGESTED'
  return ingestion.dryRun && ingestion.status === 'SUCCEEDED' ? 'DRY_RUN' : ingestion.status
}
