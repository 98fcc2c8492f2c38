import { statSync } from 'node:fs'
import type { Config } from '../config/config.ts'
import type { IngestOutcome, LocatedFile } from '../domain/ingestor.ts'
import { prepareDatabase, removeLog, type Upgrade } from '../storage/sqlite/database.ts'
import { endInterruptedWhenFree } from '../storage/sqlite/load/loader.ts'
import { SqliteReader } from '../storage/sqlite/read/reader.ts'
import { requireNotDatabase } from '../workers/ingestion/locate-file.ts'
import { IngestionSupervisor } from '../workers/ingestion/supervisor.ts'
import { makeFolderOf } from './database-folder.ts'
import { printable } from './format.ts'
import { opening } from './opening.ts'
import { PROGRAM_VERSION } from './version.ts'

export interface OpenDatabase {
  readonly reader: SqliteReader
  readonly supervisor: IngestionSupervisor
  close(): Promise<void>
}

export interface OpenOptions {
  readonly locate: (dataDirectory: string, file: string) => Promise<LocatedFile>
  /** Opens the reader of the migrated database. By default it runs every read in this process. */
  readonly openReader?: (databasePath: string) => SqliteReader
  /** Told when another program holds the database. */
  readonly onWaiting: () => void
  readonly onError: (stack: string) => void
  readonly onEnded?: (outcome: IngestOutcome) => void
  /** Told when the database was of an older version. */
  readonly onUpgraded: (words: string) => void
  /** Ends the waiting for another program. */
  readonly signal?: AbortSignal
}

const DEAD_WAIT_MS = 5_000

/** Far below what the slowest machine does: only a file that hangs takes longer. */
const SLOWEST = { slowestRowsPerSecond: 5_000, slowestBytesPerSecond: 2 * 2 ** 20 }

/** Creates or migrates the database file and puts together what reads and writes it. */
export async function openDatabase(config: Config, options: OpenOptions): Promise<OpenDatabase> {
  const { databasePath, dataDirectory, ingestion } = config
  const waitMs = ingestion.lockWaitSeconds * 1000
  await opening(databasePath, () => prepare(databasePath, waitMs, options))
  const reader = options.openReader?.(databasePath) ?? new SqliteReader(databasePath)
  const { maxRows, maxDecodedBytes, maxRowGroupBytes, maxMemoryBytes, baseSeconds } = ingestion
  const supervisor = new IngestionSupervisor({
    process: { databasePath, waitMs, limits: { maxRows, maxDecodedBytes, maxRowGroupBytes } },
    limits: { maxHeapBytes: maxMemoryBytes, maxResidentBytes: maxMemoryBytes, baseSeconds, ...SLOWEST },
    maxFileBytes: ingestion.maxFileBytes,
    maxQueued: ingestion.maxQueued,
    programVersion: PROGRAM_VERSION,
    locate: async file => requireNotDatabase(databasePath, await options.locate(dataDirectory, file), file),
    ledger: reader,
    endInterrupted: known => endInterruptedWhenFree(databasePath, DEAD_WAIT_MS, known),
    onError: options.onError,
    onEnded: options.onEnded ?? (() => {}),
    onWaiting: options.onWaiting,
  })
  return { reader, supervisor, close: () => close(databasePath, reader, supervisor) }
}

async function prepare(databasePath: string, waitMs: number, options: OpenOptions): Promise<void> {
  await makeFolderOf(databasePath)
  const { onWaiting: onWait, signal } = options
  const upgrade = await prepareDatabase(databasePath, { waitMs, onWait, signal })
  if (upgrade) options.onUpgraded(toldUpgrade(databasePath, upgrade))
}

function toldUpgrade(databasePath: string, { migrations, snapshot }: Upgrade): string {
  const kept =
    snapshot === null ? '' : ` As it was before it is kept in ${printable(snapshot)}: delete that when you are content.`
  return `${printable(databasePath)} was upgraded (${migrations.join(', ')}).${kept}\n`
}

async function close(databasePath: string, reader: SqliteReader, supervisor: IngestionSupervisor): Promise<void> {
  await supervisor.close()
  reader.close()
  removeLog(databasePath)
  warnOfLog(databasePath)
}

function warnOfLog(databasePath: string): void {
  const log = `${databasePath}-wal`
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) === 0) return
  process.stderr.write(
    `${printable(log)} holds what ${printable(databasePath)} lacks, for want of space or because another program is at work: ` +
      'keep the two together, or copy both as one with npm run snapshot.\n',
  )
}
