import { AppError, isReadError } from '../domain/errors.ts'
import type { Exporter, ExportOptions, ExportRequest, ExportSummary } from '../domain/exporter.ts'
import type { ReaderPool } from './reader-pool.ts'

/** Has exports written by processes that read. */
export class ListExporter implements Exporter {
  readonly #readers: ReaderPool

  constructor(readers: ReaderPool) {
    this.#readers = readers
  }

  /** @throws AppError QUERY_INTERRUPTED, which says so when it was `options.signal` that stopped it */
  async export(request: ExportRequest, options?: ExportOptions): Promise<ExportSummary> {
    try {
      return await this.#readers.read<'export'>({ type: 'export', ...request }, options)
    } catch (error) {
      const isStopped = options?.signal?.aborted && isReadError(error) && error.code === 'QUERY_INTERRUPTED'
      throw isStopped ? new AppError(error.code, 'The export was stopped before it was done.') : error
    }
  }
}
