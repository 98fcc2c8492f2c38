import type { Config } from '../config/config.ts'
import { ReaderPool } from '../workers/reading/reader-pool.ts'

type OnError = (what: string) => void

/** The processes that answer queries which may look at every account. */
export function queryReaders(config: Config, onError: OnError): ReaderPool {
  const { timeoutMs, maxProcesses, maxQueued } = config.query
  const limits = { ...memoryLimit(config), timeoutMs, timeoutSetting: 'QUERY_TIMEOUT_MS' }
  return new ReaderPool({ process: settings(config), limits, maxProcesses, maxWaiting: maxQueued, onError })
}

/** The process that writes exports, one after the other: they take long, and queries are not to wait for them. */
export function exportReaders(config: Config, onError: OnError): ReaderPool {
  const { timeoutMs, maxFiles } = config.exports
  const limits = { ...memoryLimit(config), timeoutMs, timeoutSetting: 'EXPORT_TIMEOUT_SECONDS' }
  return new ReaderPool({ process: settings(config), limits, maxProcesses: 1, maxWaiting: maxFiles, onError })
}

function settings({ databasePath }: Config) {
  return { databasePath }
}

function memoryLimit({ query }: Config) {
  return { maxMemoryBytes: query.maxMemoryBytes, memorySetting: 'QUERY_MAX_MEMORY_MB' }
}
