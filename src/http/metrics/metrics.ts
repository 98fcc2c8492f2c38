import { collectDefaultMetrics, Registry } from 'prom-client'
import type { QueueStatus } from '../../domain/ingestion.ts'
import type { Reader } from '../../domain/reader.ts'
import type { ResponseCache } from '../responses/response-cache.ts'
import { ConnectionMetrics } from './connections.ts'
import { addDatabaseMetrics } from './database.ts'
import { IngestionMetrics } from './ingestions.ts'
import { RequestMetrics } from './requests.ts'
import { addResponseMetrics } from './responses.ts'

/** Whose state is looked up when the metrics are asked for. */
export interface Measured {
  readonly databasePath: string
  readonly reader: Pick<Reader, 'dataset'>
  readonly load: () => QueueStatus
  readonly responses: Pick<ResponseCache, 'counts'>
}

/** All that is counted, on a registry of its own: docs/operations.md, "Metrics". */
export class Metrics {
  readonly #registry = new Registry()
  readonly requests = new RequestMetrics(this.#registry)
  readonly connections = new ConnectionMetrics(this.#registry)
  readonly ingestions = new IngestionMetrics(this.#registry)

  follow({ databasePath, reader, load, responses }: Measured): void {
    this.ingestions.follow(load)
    addDatabaseMetrics(this.#registry, databasePath, reader)
    addResponseMetrics(this.#registry, responses)
    // Of the process: memory, processor, open files, event-loop delay, garbage collection.
    collectDefaultMetrics({ register: this.#registry })
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  /** In Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics()
  }
}
