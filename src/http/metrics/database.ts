import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Gauge, type Registry } from 'prom-client'
import type { Reader } from '../../domain/reader.ts'
import { freeBytes } from '../health.ts'

/** How large the database is, what is in it, and how much room it has; looked up when it is asked for. */
export function addDatabaseMetrics(register: Registry, path: string, reader: Pick<Reader, 'dataset'>): void {
  const gauge = (name: string, help: string, read: () => Promise<number>) =>
    new Gauge({
      name,
      help,
      registers: [register],
      async collect() {
        this.set(await read())
      },
    })
  gauge('account_growth_database_bytes', 'Size of the database file', () => sizeOf(path))
  gauge('account_growth_wal_bytes', 'Size of the write-ahead log, which is empty when no file is being ingested', () =>
    sizeOf(`${path}-wal`),
  )
  gauge('account_growth_disk_free_bytes', 'What is left on the disk of the database', () => freeBytes(dirname(path)))
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

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0
}
