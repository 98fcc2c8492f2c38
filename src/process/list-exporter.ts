import type { Exporter, ExportOptions, ExportRequest, ExportSummary } from '../domain/export.ts'
import type { ReaderPool } from './reader-pool.ts'

/** Has exports written by processes that read. */
export class ListExporter implements Exporter {
  readonly #readers: ReaderPool

  constructor(readers: ReaderPool) {
    this.#readers = readers
  }

  export(request: ExportRequest, options?: ExportOptions): Promise<ExportSummary> {
    return this.#readers.read<'export'>({ type: 'export', ...request }, options)
  }
}
