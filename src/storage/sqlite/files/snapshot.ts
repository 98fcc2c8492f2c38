import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync, realpathSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { AppError } from '../../../domain/errors.ts'
import type { Snapshot } from '../../../domain/snapshot.ts'
import type { Connection } from '../connection/connection.ts'
import { lookingAt } from '../connection/read-only.ts'
import { pendingMigrations } from '../schema/identify.ts'
import { readMigrations } from '../schema/migrations.ts'
import { catchUp } from './catch-up.ts'
import { removePartial, removePartials, syncFolder, vacuumInto } from './copy.ts'
import { acquireLock } from './lock.ts'
import { giveName, strayLogOf } from './naming.ts'
import { isOwnFile } from './own-files.ts'

export interface SnapshotRequest {
  readonly databasePath: string
  /** Where the copy grows: on the disk that it is for, named by `partialPath`. */
  readonly partialPath: string
  /** What it is called when it is whole. */
  readonly outPath: string
  /** Whether what is there already may be replaced. */
  readonly force: boolean
}

/**
 * Copies a database as of one moment, whatever is being written to it, of this version or an older one. One copy at a
 * time; what earlier ones left half-done in the same folder is removed. Works for as long as it takes without a pause.
 *
 * @param isStillWanted asked when the copy is whole, before it gets its name
 * @throws AppError
 */
export async function takeSnapshot(request: SnapshotRequest, isStillWanted: () => Promise<boolean>): Promise<Snapshot> {
  const { databasePath, partialPath, outPath, force } = request
  lookingAt(databasePath, connection => pendingMigrations(connection, databasePath, readMigrations()))
  const lock = await acquireLock(databasePath, 'snapshot', 0)
  try {
    removePartials(databasePath, dirname(partialPath))
    lookingAt(databasePath, connection => vacuumInto(connection, partialPath))
    await catchUp(databasePath)
    const facts = lookingAt(partialPath, factsOf)
    const file = { bytes: statSync(partialPath).size, sha256: sha256Of(partialPath) }
    if (!(await isStillWanted())) throw new AppError('SNAPSHOT_FAILED', 'Nobody waits for the copy any more.')
    publish(partialPath, outPath, force)
    return { path: outPath, ...file, ...facts }
  } catch (error) {
    removePartial(partialPath)
    throw error
  } finally {
    lock.release()
  }
}

/**
 * Whether a copy may be put there.
 *
 * @throws AppError SNAPSHOT_EXISTS, SNAPSHOT_IN_USE
 */
export function requireFree({
  databasePath,
  outPath,
  force,
}: {
  databasePath: string
  outPath: string
  force: boolean
}): void {
  if (isOwnFile(databasePath, outPath)) {
    throw new AppError('SNAPSHOT_EXISTS', `${outPath} is the database itself or a part of it. Name another file.`)
  }
  const log = strayLogOf(outPath)
  if (log) throw new AppError('SNAPSHOT_IN_USE', `${log} shows that ${outPath} is in use. Name another file.`)
  const found = statSync(outPath, { throwIfNoEntry: false })
  if (!found || (force && found.isFile())) return
  if (found.isFile()) throw exists(outPath)
  throw new AppError('SNAPSHOT_EXISTS', `${outPath} is no file. Name a file.`)
}

function exists(outPath: string): AppError {
  return new AppError('SNAPSHOT_EXISTS', `${outPath} exists already. Name another file, or say --force to replace it.`)
}

/** Removes what copies left behind that were cut short, unless one is being made. */
export async function clearPartials(databasePath: string): Promise<void> {
  const lock = await acquireLock(databasePath, 'snapshot', 0).catch(() => null)
  if (!lock) return
  removePartials(databasePath, dirname(realpathSync(databasePath)))
  lock.release()
}

/** What tells one state of the data from another: every change is a line of the ledger, or ends one, or is a repair. */
export function stateOf(connection: Connection): string {
  const lines = connection
    .prepare('SELECT status, count(*), max(id), max(finished_at) FROM ingestion GROUP BY status ORDER BY status')
    .raw()
    .all()
  const dataset = connection.prepare('SELECT * FROM dataset').raw().all()
  const repairs = connection.pragma('user_version', { simple: true })
  const migrations = connection.prepare('SELECT max(created_at) FROM __drizzle_migrations').pluck().get()
  return createHash('sha256')
    .update(JSON.stringify([migrations, repairs, lines, dataset]))
    .digest('hex')
    .slice(0, 32)
}

function factsOf(connection: Connection): Pick<Snapshot, 'state' | 'asOf' | 'measurementCount' | 'accountCount'> {
  const dataset = connection
    .prepare('SELECT as_of AS asOf, measurement_count AS measurementCount, account_count AS accountCount FROM dataset')
    .get() as Pick<Snapshot, 'asOf' | 'measurementCount' | 'accountCount'>
  return { state: stateOf(connection), ...dataset }
}

const CHUNK_BYTES = 1 << 20

function sha256Of(path: string): string {
  const hash = createHash('sha256')
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  const file = openSync(path, 'r')
  try {
    for (let length = -1; length !== 0; ) {
      length = readSync(file, chunk)
      hash.update(chunk.subarray(0, length))
    }
    return hash.digest('hex')
  } finally {
    closeSync(file)
  }
}

function publish(partialPath: string, outPath: string, force: boolean): void {
  if (force) {
    renameSync(partialPath, outPath)
    syncFolder(dirname(outPath))
  } else if (!giveName(partialPath, outPath)) throw exists(outPath)
}
