import type { OffloadingReader } from '../../../src/workers/offloading-reader.ts'
import type { ReaderPool, ReaderPoolOptions } from '../../../src/workers/reader-pool.ts'

// As it was built: the process that it starts is JavaScript, and imports its neighbours by their built names.
const BUILT = new URL('../../../dist/workers/', import.meta.url)
const { ReaderPool: BuiltPool }: typeof import('../../../src/workers/reader-pool.ts') = await import(
  new URL('reader-pool.js', BUILT).href
)
const { OffloadingReader: BuiltReader }: typeof import('../../../src/workers/offloading-reader.ts') = await import(
  new URL('offloading-reader.js', BUILT).href
)

const LIMITS = {
  timeoutMs: 30_000,
  timeoutSetting: 'QUERY_TIMEOUT_MS',
  maxMemoryBytes: 512 * 2 ** 20,
  memorySetting: 'QUERY_MAX_MEMORY_MB',
}

export function openPool(
  databasePath: string,
  limits: Partial<ReaderPoolOptions['limits']> = {},
  options: Partial<ReaderPoolOptions> = {},
): ReaderPool {
  return new BuiltPool({
    process: { databasePath },
    maxProcesses: 2,
    maxWaiting: 10,
    ...options,
    limits: { ...LIMITS, ...limits },
  })
}

export function offloading(...args: ConstructorParameters<typeof OffloadingReader>): OffloadingReader {
  return new BuiltReader(...args)
}
