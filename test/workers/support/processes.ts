import type { IngestionProcess } from '../../../src/workers/ingestion-process.ts'
import type { ReaderProcess } from '../../../src/workers/reader-process.ts'

// As they were built: what they start is JavaScript, and imports its neighbours by their built names.
const BUILT = new URL('../../../dist/workers/', import.meta.url)
const ingestion: typeof import('../../../src/workers/ingestion-process.ts') = await import(
  new URL('ingestion-process.js', BUILT).href
)
const reader: typeof import('../../../src/workers/reader-process.ts') = await import(
  new URL('reader-process.js', BUILT).href
)

const MAX_HEAP_BYTES = 2 ** 28
const LIMITS = { maxRows: 1e6, maxDecodedBytes: 2 ** 30, maxRowGroupBytes: 2 ** 28 }

/** @param waitMs for another program that writes */
export function startIngestionProcess(databasePath: string, waitMs: number): IngestionProcess {
  return new ingestion.IngestionProcess({ databasePath, waitMs, limits: LIMITS }, MAX_HEAP_BYTES)
}

export function startReaderProcess(databasePath: string): ReaderProcess {
  return new reader.ReaderProcess({ databasePath }, MAX_HEAP_BYTES)
}
