import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Ingestion, IngestionIdentity, RejectedRow } from '../../../src/domain/ingestion.ts'
import { hashFile } from '../../../src/ingestion/input-file.ts'
import { type IngestionJob, ingestFile } from '../../../src/ingestion/pipeline.ts'
import { type Connection, openConnection } from '../../../src/storage/sqlite/connection/connection.ts'
import { migrateDatabase } from '../../../src/storage/sqlite/database.ts'
import { SqliteLoader } from '../../../src/storage/sqlite/load/loader.ts'

/** Runs a test with a folder that is gone afterwards. */
export async function withFolder<Result>(test: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'account-growth-'))
  try {
    return await test(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Runs a test with a fresh database in a file of its own. */
export function withDatabase<Result>(test: (database: TestDatabase) => Promise<Result>): Promise<Result> {
  return withFolder(async folder => {
    const database = new TestDatabase(folder)
    try {
      const result = await test(database)
      await database.close()
      return result
    } catch (error) {
      // A test that fails may leave a transaction open, of which the close would complain.
      await database.close().catch(() => {})
      throw error
    }
  })
}

let migrated: Buffer | undefined

/** Migrates once, and copies the file from then on. */
function createMigrated(path: string): void {
  if (!migrated) {
    migrateDatabase(path)
    migrated = readFileSync(path)
  }
  writeFileSync(path, migrated)
}

/** A database with a loader on it, and a connection to look at it. */
export class TestDatabase {
  readonly folder: string
  readonly path: string
  readonly loader: SqliteLoader
  readonly connection: Connection

  constructor(folder: string) {
    this.folder = folder
    this.path = join(folder, 'test.sqlite')
    createMigrated(this.path)
    this.loader = new SqliteLoader(this.path)
    this.connection = openConnection(this.path, { readonly: true })
  }

  async ingest(path: string, job: Partial<Omit<IngestionJob, 'file' | 'identity'>> = {}): Promise<Ingestion> {
    const file = await hashFile(path, basename(path))
    const identity = identityOf({ sha256: file.sha256, fileSize: Number(file.state.size) })
    return (await ingestFile({ ...job, file, identity }, this.loader)).ingestion
  }

  all<Row>(sql: string, ...values: unknown[]): Row[] {
    return this.connection.prepare(sql).all(...values) as Row[]
  }

  /** Every row of every table, to tell whether anything has changed. */
  contents(except: readonly string[] = []): Record<string, unknown[]> {
    const names = this.all<{ name: string }>(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)
    const wanted = names.map(({ name }) => name).filter(name => !except.includes(name))
    return Object.fromEntries(wanted.map(name => [name, this.all(`SELECT * FROM "${name}"`)]))
  }

  /** Rows of `measurement` or `correction` in words: account id, instant, count, categories. */
  measurements(table: 'measurement' | 'correction' = 'measurement', order = 'account_id, m.measured_at'): Spoken[] {
    const rows = this.all<{ accountId: string; measuredAt: number; count: number; names: string }>(
      `SELECT a.account_id AS accountId, m.measured_at AS measuredAt, m.subscriber_count AS count, s.names
      FROM ${table} m JOIN account a ON a.id = m.account JOIN category_set s ON s.id = m.category_set ORDER BY ${order}`,
    )
    return rows.map(row => [row.accountId, new Date(row.measuredAt).toISOString(), row.count, JSON.parse(row.names)])
  }

  rejectedRows(ingestionId: string): RejectedRow[] {
    return this.all(
      `SELECT row_number AS rowNumber, reason, "column", "row" FROM rejected_row
      WHERE ingestion = (SELECT id FROM ingestion WHERE public_id = ?) ORDER BY row_number`,
      ingestionId,
    )
  }

  async close(): Promise<void> {
    this.connection.close()
    await this.loader.close()
  }
}

/** Account id, ISO instant, count and categories. */
export type Spoken = [accountId: string, measuredAt: string, subscriberCount: number, categories: string[]]

export function identityOf(known: Partial<IngestionIdentity> = {}): IngestionIdentity {
  const id = randomUUID()
  return {
    id,
    fileName: 'drop.parquet',
    sha256: id.replaceAll('-', '').repeat(2),
    fileSize: 1,
    dryRun: false,
    queuedAt: Date.now(),
    programVersion: 'test',
    ...known,
  }
}
