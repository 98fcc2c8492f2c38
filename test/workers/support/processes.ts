import type { ChildWorker, ChildWorkerOptions } from '../../../src/workers/child-worker.ts'
import type { IngestionCommand, IngestionEvent } from '../../../src/workers/ingestion/ingestion-process.ts'
import type { ReadCommand, ReadEvent } from '../../../src/workers/reading/reader-process.ts'

// The built module, because the processes that it starts are built modules too.
const { ChildWorker: BuiltWorker }: typeof import('../../../src/workers/child-worker.ts') = await import(
  new URL('../../../dist/workers/child-worker.js', import.meta.url).href
)

const LIMITS = { maxRows: 1e6, maxDecodedBytes: 2 ** 30, maxRowGroupBytes: 2 ** 28 }

type Memory = Omit<ChildWorkerOptions, 'module' | 'settings'>

/** @param waitMs for another program that writes */
export function ingestionWorker(
  databasePath: string,
  waitMs = 0,
  memory: Memory = {},
): ChildWorker<IngestionCommand, IngestionEvent, unknown> {
  const settings = { databasePath, waitMs, limits: LIMITS }
  return new BuiltWorker({ module: 'ingestion/ingestion-process', settings, ...memory })
}

export function readerWorker(databasePath: string, memory: Memory = {}): ChildWorker<ReadCommand, ReadEvent, unknown> {
  return new BuiltWorker({ module: 'reading/reader-process', settings: { databasePath }, ...memory })
}
