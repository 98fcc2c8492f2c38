import { join } from 'node:path'
import type { UserError } from '../../../src/domain/errors.ts'
import type { IngestOutcome } from '../../../src/domain/ingestor.ts'
import { migrateDatabase } from '../../../src/storage/sqlite/database.ts'
import { endInterruptedWhenFree } from '../../../src/storage/sqlite/load/loader.ts'
import { SqliteReader } from '../../../src/storage/sqlite/read/reader.ts'
import type { IngestionSupervisor, SupervisorOptions } from '../../../src/workers/ingestion/supervisor.ts'
import { withFolder } from '../../ingestion/support/database.ts'
import { childrenOf } from '../../support/program/children.ts'

// As it was built: the process that it starts is JavaScript, and imports its neighbours by their built names.
const BUILT = new URL('../../../dist/workers/ingestion/supervisor.js', import.meta.url)
const built: typeof import('../../../src/workers/ingestion/supervisor.ts') = await import(BUILT.href)

const MIB = 2 ** 20
const GIB = 2 ** 30

export interface Caps {
  readonly maxHeapBytes?: number
  readonly maxResidentBytes?: number
  readonly baseSeconds?: number
  readonly maxQueued?: number
  readonly maxRows?: number
  readonly waitMs?: number
}

/** A database with the real supervisor and its process. */
export class Supervised {
  readonly folder: string
  readonly path: string
  readonly reader: SqliteReader
  readonly supervisor: IngestionSupervisor
  /** Whether a command has had to wait for another program that writes. */
  isWaiting = false
  readonly #others = childrenOf(process.pid)

  constructor(
    folder: string,
    {
      maxHeapBytes = GIB,
      maxResidentBytes = GIB,
      baseSeconds = 30,
      maxQueued = 10,
      maxRows = 1e9,
      waitMs = 5_000,
    }: Caps,
  ) {
    this.folder = folder
    this.path = join(folder, 'accounts.db')
    migrateDatabase(this.path)
    this.reader = new SqliteReader(this.path)
    const options: SupervisorOptions = {
      process: {
        databasePath: this.path,
        waitMs,
        limits: { maxRows, maxDecodedBytes: 2 ** 38, maxRowGroupBytes: GIB },
      },
      limits: { maxHeapBytes, maxResidentBytes, baseSeconds, slowestRowsPerSecond: 5_000, slowestBytesPerSecond: MIB },
      maxFileBytes: 2 ** 50,
      maxQueued,
      programVersion: '0.0.0-test',
      locate: async file => ({ path: file.startsWith('/') ? file : join(folder, file), fileName: file }),
      ledger: this.reader,
      onWaiting: () => {
        this.isWaiting = true
      },
      endInterrupted: known => endInterruptedWhenFree(this.path, 5_000, known),
    }
    this.supervisor = new built.IngestionSupervisor(options)
  }

  ingest(file: string, wait = true): Promise<IngestOutcome> {
    return this.supervisor.ingest({ file, wait, dryRun: false })
  }

  /** What is wrong with a file, or null. */
  async errorOf(file: string): Promise<UserError | null> {
    return (await this.ingest(file)).error
  }

  /** The process that ingests. */
  pid(): number {
    const [pid] = childrenOf(process.pid).filter(child => !this.#others.includes(child))
    if (pid === undefined) throw new Error('there is no ingestion process')
    return pid
  }

  async close(): Promise<void> {
    await this.supervisor.close()
    this.reader.close()
  }
}

export function withSupervisor<Result>(caps: Caps, test: (supervised: Supervised) => Promise<Result>): Promise<Result> {
  return withFolder(async folder => {
    const supervised = new Supervised(folder, caps)
    try {
      return await test(supervised)
    } finally {
      await supervised.close()
    }
  })
}
