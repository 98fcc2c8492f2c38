import { statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Config } from '../config/config.ts'
import { AppError, isDatabaseError, isUserError } from '../domain/errors.ts'
import type { IngestOutcome, LocatedFile } from '../domain/ingestor.ts'
import { PROGRAM_VERSION } from '../package-file.ts'
import { prepareDatabase, removeLog, type Upgrade } from '../storage/sqlite/database.ts'
import { acquireLock, type Lock } from '../storage/sqlite/files/lock.ts'
import { endInterruptedWhenFree } from '../storage/sqlite/load/loader.ts'
import { SqliteReader } from '../storage/sqlite/read/reader.ts'
import { requireNotDatabase } from '../workers/ingestion/locate-file.ts'
import { IngestionSupervisor } from '../workers/ingestion/supervisor.ts'
import { ReaderPool } from '../workers/reading/reader-pool.ts'
import { printable } from './format.ts'

export interface OpenDatabase {
  readonly reader: SqliteReader
  readonly supervisor: IngestionSupervisor
  close(): Promise<void>
}

export interface OpenOptions {
  readonly locate: (dataDirectory: string, file: string) => Promise<LocatedFile>
  /** Opens the reader of the migrated database. By default it runs every read in this process. */
  readonly openReader?: (databasePath: string) => SqliteReader
  /** Called when another program holds the write lock. */
  readonly onWaiting: () => void
  /** Called with the stack of an unexpected error. */
  readonly onError: (stack: string) => void
  readonly onEnded?: (outcome: IngestOutcome) => void
  /** Called with a line for people when the database was migrated from an older version. */
  readonly onUpgraded: (message: string) => void
  /** Ends the wait for the write lock. */
  readonly signal?: AbortSignal
}

/** How long the end of an ingestion whose process died waits for the write lock. */
const INTERRUPTED_WAIT_MS = 5_000

/** Far slower than the slowest machine: only a file that hangs takes longer. */
const SLOWEST = { slowestRowsPerSecond: 5_000, slowestBytesPerSecond: 2 * 2 ** 20 }

/** Creates or migrates the database file, and connects the reader and the ingestion supervisor to it. */
export async function openDatabase(config: Config, options: OpenOptions): Promise<OpenDatabase> {
  const { databasePath, dataDirectory, ingestion } = config
  const waitMs = ingestion.lockWaitSeconds * 1000
  await withDatabaseName(databasePath, () => prepare(databasePath, waitMs, options))
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
    endInterrupted: known => endInterruptedWhenFree(databasePath, INTERRUPTED_WAIT_MS, known),
    onError: options.onError,
    onEnded: options.onEnded ?? (() => {}),
    onWaiting: options.onWaiting,
  })
  return { reader, supervisor, close: () => close(databasePath, reader, supervisor) }
}

async function prepare(databasePath: string, waitMs: number, options: OpenOptions): Promise<void> {
  await createDatabaseFolder(databasePath)
  const { onWaiting: onWait, signal } = options
  const upgrade = await prepareDatabase(databasePath, { waitMs, onWait, signal })
  if (upgrade) options.onUpgraded(upgradeMessage(databasePath, upgrade))
}

function upgradeMessage(databasePath: string, { migrations, snapshot }: Upgrade): string {
  const copy = snapshot === null ? '' : ` A copy of the old version is in ${printable(snapshot)}; you can delete it.`
  return `${printable(databasePath)} was upgraded (${migrations.join(', ')}).${copy}\n`
}

async function close(databasePath: string, reader: SqliteReader, supervisor: IngestionSupervisor): Promise<void> {
  await supervisor.close()
  reader.close()
  removeLog(databasePath)
  warnAboutLog(databasePath)
}

function warnAboutLog(databasePath: string): void {
  const log = `${databasePath}-wal`
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) === 0) return
  process.stderr.write(
    `${printable(log)} holds changes that are not in ${printable(databasePath)} yet, because the disk is full or ` +
      'another program is using the database. Keep both files together, or copy them to one with npm run snapshot.\n',
  )
}

/**
 * Creates the folder of the database if it does not exist.
 *
 * @throws AppError NO_DATABASE when there is a file in its place
 */
export async function createDatabaseFolder(databasePath: string): Promise<void> {
  const folder = dirname(databasePath)
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EEXIST' && code !== 'ENOTDIR') throw error
    const message = `${databasePath}: ${folder} is not a directory. Choose another path, or move the file that is there.`
    throw new AppError('NO_DATABASE', message, { cause: error })
  }
}

/**
 * Takes the lock that allows one server for each database.
 *
 * @throws AppError DATABASE_BUSY
 */
export function lockForServer(databasePath: string): Promise<Lock> {
  return withDatabaseName(databasePath, () => acquireLock(databasePath, 'server', 0))
}

/** Runs `action` and adds the path of the database to the message of an error that lacks it. */
export async function withDatabaseName<Result>(databasePath: string, action: () => Promise<Result>): Promise<Result> {
  try {
    return await action()
  } catch (error) {
    if (isDatabaseError(error)) throw error
    if (isUserError(error)) throw new AppError(error.code, `${databasePath}: ${error.message}`)
    if (error instanceof Error && error.message.startsWith(databasePath)) throw error
    throw new Error(`${databasePath}: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
}

/** Reader processes for queries that may read every account. */
export function queryReaders(config: Config, onError: (message: string) => void): ReaderPool {
  const { timeoutMs, maxProcesses, maxQueued } = config.query
  const limits = { ...memoryLimitOf(config), timeoutMs, timeoutSetting: 'QUERY_TIMEOUT_MS' }
  return new ReaderPool({ process: readerOptions(config), limits, maxProcesses, maxWaiting: maxQueued, onError })
}

/** The process that writes exports, one after another. Queries do not wait for them. */
export function exportReaders(config: Config, onError: (message: string) => void): ReaderPool {
  const { timeoutMs, maxFiles } = config.exports
  const limits = { ...memoryLimitOf(config), timeoutMs, timeoutSetting: 'EXPORT_TIMEOUT_SECONDS' }
  return new ReaderPool({ process: readerOptions(config), limits, maxProcesses: 1, maxWaiting: maxFiles, onError })
}

function readerOptions({ databasePath }: Config) {
  return { databasePath }
}

function memoryLimitOf({ query }: Config) {
  return { maxMemoryBytes: query.maxMemoryBytes, memorySetting: 'QUERY_MAX_MEMORY_MB' }
}
