/** Metrics of state that is read at each scrape: connections, database, response cache. */
import { stat } from 'node:fs/promises'
import type { Server } from 'node:net'
import { dirname } from 'node:path'
import { Counter, Gauge, type Registry } from 'prom-client'
import type { Reader } from '../../domain/reader.ts'
import type { ResponseCache } from '../cache/response-cache.ts'
import { freeDiskBytes } from './health.ts'

/** Adds a gauge that is read at each scrape. */
export function addGauge(register: Registry, name: string, help: string, read: () => number | Promise<number>): void {
  new Gauge({
    name,
    help,
    registers: [register],
    async collect() {
      this.set(await read())
    },
  })
}

/** Open connections, and those closed above the limit. */
export class ConnectionMetrics {
  readonly #registry: Registry
  readonly #dropped: Counter

  constructor(registry: Registry) {
    this.#registry = registry
    this.#dropped = new Counter({
      name: 'account_growth_http_connections_dropped_total',
      help: 'Connections that were closed without a response because HTTP_MAX_CONNECTIONS were open',
      registers: [registry],
    })
  }

  onDrop(): void {
    this.#dropped.inc()
  }

  observe(server: Server): void {
    addGauge(this.#registry, 'account_growth_http_connections', 'Open connections, including WebSockets', () =>
      connectionsOf(server),
    )
  }
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)))
  })
}

/** The size of the database, what it holds, and the free space of its disk. */
export function addDatabaseMetrics(register: Registry, path: string, reader: Pick<Reader, 'dataset'>): void {
  const gauge = (name: string, help: string, read: () => Promise<number>) => addGauge(register, name, help, read)
  gauge('account_growth_database_bytes', 'Size of the database file', () => fileSize(path))
  gauge('account_growth_wal_bytes', 'Size of the write-ahead log, which is empty when no file is being ingested', () =>
    fileSize(`${path}-wal`),
  )
  gauge('account_growth_disk_free_bytes', 'Free space on the disk of the database', () => freeDiskBytes(dirname(path)))
  gauge('account_growth_accounts', 'Tracked accounts', async () => (await reader.dataset()).accountCount)
  gauge(
    'account_growth_measurements',
    'Measurements of all accounts',
    async () => (await reader.dataset()).measurementCount,
  )
  gauge('account_growth_as_of_timestamp_seconds', 'Instant of the newest measurement, NaN without any', async () => {
    const { asOf } = await reader.dataset()
    return asOf === null ? Number.NaN : asOf / 1000
  })
}

async function fileSize(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0
}

/** Cache hits and misses, and the size of the cached responses. */
export function addResponseCacheMetrics(register: Registry, cache: Pick<ResponseCache, 'statistics'>): void {
  new Counter({
    name: 'account_growth_response_cache_lookups_total',
    help: 'Lookups in the response cache, by result',
    labelNames: ['result'] as const,
    registers: [register],
    collect() {
      const { hits, misses } = cache.statistics
      this.reset()
      this.inc({ result: 'hit' }, hits)
      this.inc({ result: 'miss' }, misses)
    },
  })
  addGauge(
    register,
    'account_growth_response_cache_bytes',
    'Size of the cached responses',
    () => cache.statistics.bytes,
  )
}
