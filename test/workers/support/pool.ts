import type { OffloadingReader } from '../../../src/workers/reading/offloading-reader.ts'
import type { ReaderPool, ReaderPoolOptions } from '../../../src/workers/reading/reader-pool.ts'

// The built modules, because the process that they start is a built module too.
const BUILT = new URL('../../../dist/workers/reading/', import.meta.url)
const pools: typeof import('../../../src/workers/reading/reader-pool.ts') = await import(
  new URL('reader-pool.js', BUILT).href
)
const readers: typeof import('../../../src/workers/reading/offloading-reader.ts') = await import(
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
  return new pools.ReaderPool({
    process: { databasePath },
    maxProcesses: 2,
    maxWaiting: 10,
    ...options,
    limits: { ...LIMITS, ...limits },
  })
}

export function offloading(...args: ConstructorParameters<typeof OffloadingReader>): OffloadingReader {
  return new readers.OffloadingReader(...args)
}
