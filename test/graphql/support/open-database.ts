import { migrateDatabase } from '../../../src/storage/sqlite/database.ts'
import { SqliteReader } from '../../../src/storage/sqlite/read/reader.ts'
import type { IngestionSupervisor } from '../../../src/workers/ingestion/supervisor.ts'

// The built file, because the process that it starts imports the built files.
const BUILT = new URL('../../../dist/workers/ingestion/supervisor.js', import.meta.url)
const built: typeof import('../../../src/workers/ingestion/supervisor.ts') = await import(BUILT.href)

const MIB = 2 ** 20
const LIMITS = { maxHeapBytes: 512 * MIB, maxResidentBytes: 1024 * MIB, baseSeconds: 30 }
const SLOWEST = { slowestRowsPerSecond: 5_000, slowestBytesPerSecond: MIB }
const DECLARED = { maxRows: 1e6, maxDecodedBytes: 512 * MIB, maxRowGroupBytes: 256 * MIB }

/** Opens a database as the server does, with a reader and an ingestion supervisor. */
export function openDatabase(databasePath: string, folder: string) {
  migrateDatabase(databasePath)
  const reader = new SqliteReader(databasePath)
  const supervisor: IngestionSupervisor = new built.IngestionSupervisor({
    process: { databasePath, waitMs: 5_000, limits: DECLARED },
    limits: { ...LIMITS, ...SLOWEST },
    maxFileBytes: 256 * MIB,
    maxQueued: 10,
    programVersion: '0.0.0-test',
    locate: async file => ({ path: `${folder}/${file}`, fileName: file }),
    ledger: reader,
    endInterrupted: async () => {},
  })
  return { reader, supervisor }
}
