import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, realpathSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../../../domain/errors.ts'
import type { Snapshot } from '../../../domain/snapshot.ts'
import { type Connection, openConnection } from '../connection/connection.ts'
import { withReadOnly } from '../connection/read-only.ts'
import { pendingMigrations, readMigrations } from '../schema/migrations.ts'
import { truncateLogAfterRead } from './checkpoint.ts'
import {
  copyDatabase,
  leftoverLogOf,
  publishCopy,
  removeUnfinishedCopies,
  removeUnfinishedCopy,
  removeUnsentCopies,
  unfinishedCopyPath,
  unsentCopyPath,
} from './copy.ts'
import { isDatabaseFile, syncFolder } from './database-files.ts'
import { acquireLock } from './lock.ts'

/** Plain data: it is sent to the process that takes the snapshot. */
export interface SnapshotRequest {
  readonly databasePath: string
  /** Where the copy grows, on the disk of `outPath`. */
  readonly unfinishedPath: string
  readonly outPath: string
  /** Whether an existing file may be replaced. */
  readonly force: boolean
}

/**
 * A snapshot that goes to `outPath`.
 *
 * @throws AppError SNAPSHOT_EXISTS, SNAPSHOT_IN_USE when nothing can be written there
 */
export function snapshotToFile(databasePath: string, outPath: string, force: boolean): SnapshotRequest {
  requireSnapshotPath(databasePath, outPath, force)
  const unfinishedPath = unfinishedCopyPath(databasePath, dirname(outPath), randomUUID())
  return { databasePath, unfinishedPath, outPath, force }
}

/** A snapshot that stays beside the database until it is sent to a client. */
export function snapshotToSend(databasePath: string): SnapshotRequest {
  const [folder, name] = [dirname(databasePath), randomUUID()]
  const unfinishedPath = unfinishedCopyPath(databasePath, folder, name)
  return { databasePath, unfinishedPath, outPath: unsentCopyPath(databasePath, folder, name), force: true }
}

/** Removes what a snapshot left behind whose process was killed. */
export function discardSnapshot({ unfinishedPath }: SnapshotRequest): void {
  removeUnfinishedCopy(unfinishedPath)
}

/** Removes the snapshots that a crash left beside the database. Only its server may call this, before it sends any. */
export async function discardAbandonedSnapshots(databasePath: string): Promise<void> {
  const folder = dirname(realpathSync(databasePath))
  removeUnsentCopies(databasePath, folder)
  // Another program may be taking a snapshot.
  const lock = await acquireLock(databasePath, 'snapshot', 0).catch(() => null)
  if (!lock) return
  removeUnfinishedCopies(databasePath, folder)
  lock.release()
}

/**
 * Copies a database of this version or an older one as of one moment, even while an ingestion writes to it. Only one
 * copy runs at a time, so it first removes the unfinished copies in the same folder. Blocks its thread until SQLite is
 * done.
 *
 * @param isStillWanted called when the copy is complete, before it gets its name
 * @throws AppError one of DATABASE_ERROR_CODES
 */
export async function takeSnapshot(request: SnapshotRequest, isStillWanted: () => Promise<boolean>): Promise<Snapshot> {
  const { databasePath, unfinishedPath, outPath } = request
  withReadOnly(databasePath, connection => pendingMigrations(connection, databasePath, readMigrations()))
  const lock = await acquireLock(databasePath, 'snapshot', 0)
  try {
    removeUnfinishedCopies(databasePath, dirname(unfinishedPath))
    withReadOnly(databasePath, connection => copyDatabase(connection, unfinishedPath))
    await truncateLogAfterRead(databasePath)
    const facts = withReadOnly(unfinishedPath, factsOf)
    const file = { bytes: statSync(unfinishedPath).size, sha256: await sha256Of(unfinishedPath) }
    if (!(await isStillWanted())) throw new AppError('SNAPSHOT_FAILED', 'The snapshot was cancelled.')
    publish(request)
    return { path: outPath, ...file, ...facts }
  } catch (error) {
    removeUnfinishedCopy(unfinishedPath)
    throw error
  } finally {
    lock.release()
  }
}

function publish({ unfinishedPath, outPath, force }: SnapshotRequest): void {
  if (force) {
    renameSync(unfinishedPath, outPath)
    syncFolder(dirname(outPath))
  } else if (!publishCopy(unfinishedPath, outPath)) throw alreadyExists(outPath)
}

function requireSnapshotPath(databasePath: string, outPath: string, force: boolean): void {
  if (isDatabaseFile(databasePath, outPath)) {
    throw new AppError('SNAPSHOT_EXISTS', `${outPath} is the database itself or belongs to it. Name another file.`)
  }
  const log = leftoverLogOf(outPath)
  if (log) throw new AppError('SNAPSHOT_IN_USE', `${log} shows that ${outPath} is in use. Name another file.`)
  const found = statSync(outPath, { throwIfNoEntry: false })
  if (!found || (force && found.isFile())) return
  if (found.isFile()) throw alreadyExists(outPath)
  throw new AppError('SNAPSHOT_EXISTS', `${outPath} is not a regular file. Name another file.`)
}

function alreadyExists(outPath: string): AppError {
  const message = `${outPath} exists already. Name another file, or replace it with --force.`
  return new AppError('SNAPSHOT_EXISTS', message)
}

/** Returns a text that changes with the data. Safe while this process has the database open. */
export function readDataState(databasePath: string): string {
  const connection = openConnection(databasePath, { readonly: true })
  try {
    return dataStateOf(connection)
  } finally {
    connection.close()
  }
}

/** Every change of the data adds or changes a ledger entry, or is a repair. */
function dataStateOf(connection: Connection): string {
  const ledger = connection
    .prepare('SELECT status, count(*), max(id), max(finished_at) FROM ingestion GROUP BY status ORDER BY status')
    .raw()
    .all()
  const dataset = connection.prepare('SELECT * FROM dataset').raw().all()
  const repairs = connection.pragma('user_version', { simple: true })
  const migrations = connection.prepare('SELECT max(created_at) FROM __drizzle_migrations').pluck().get()
  return createHash('sha256')
    .update(JSON.stringify([migrations, repairs, ledger, dataset]))
    .digest('hex')
    .slice(0, 32)
}

function factsOf(connection: Connection): Pick<Snapshot, 'state' | 'asOf' | 'measurementCount' | 'accountCount'> {
  const dataset = connection
    .prepare('SELECT as_of AS asOf, measurement_count AS measurementCount, account_count AS accountCount FROM dataset')
    .get() as Pick<Snapshot, 'asOf' | 'measurementCount' | 'accountCount'>
  return { state: dataStateOf(connection), ...dataset }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
