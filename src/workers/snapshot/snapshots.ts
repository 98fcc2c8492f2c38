import { realpathSync, rmSync } from 'node:fs'
import { AppError, hasCode } from '../../domain/errors.ts'
import type { Snapshot, Snapshots } from '../../domain/snapshot.ts'
import {
  discardAbandonedSnapshots,
  discardSnapshot,
  readDataState,
  type SnapshotRequest,
  snapshotToFile,
  snapshotToSend,
} from '../../storage/sqlite/files/snapshot.ts'
import { ChildWorker, WorkerExit } from '../child-worker.ts'

/** Snapshots for download. They lie beside the database until they are sent. */
export class DownloadSnapshots implements Snapshots {
  readonly #databasePath: string

  /** Removes what a crashed server left behind. Only the one server of a database sends snapshots of it. */
  static async of(databasePath: string): Promise<DownloadSnapshots> {
    await discardAbandonedSnapshots(databasePath)
    return new DownloadSnapshots(realpathSync(databasePath))
  }

  private constructor(databasePath: string) {
    this.#databasePath = databasePath
  }

  async state(): Promise<string> {
    return readDataState(this.#databasePath)
  }

  async take(signal: AbortSignal): Promise<Snapshot> {
    const request = snapshotToSend(this.#databasePath)
    try {
      return await snapshotInProcess(request, signal)
    } catch (error) {
      rmSync(request.outPath, { force: true })
      throw error
    }
  }
}

/**
 * Writes a snapshot of a database to `outPath`.
 *
 * @throws AppError SNAPSHOT_EXISTS, SNAPSHOT_IN_USE, SNAPSHOT_BUSY, SNAPSHOT_NO_SPACE, SNAPSHOT_FAILED
 */
export async function snapshotTo(
  databasePath: string,
  outPath: string,
  { force, signal }: { readonly force: boolean; readonly signal: AbortSignal },
): Promise<Snapshot> {
  return snapshotInProcess(snapshotToFile(databasePath, outPath, force), signal)
}

/** Takes a snapshot in a process of its own. One that is aborted or fails leaves no file behind. */
async function snapshotInProcess(request: SnapshotRequest, signal: AbortSignal): Promise<Snapshot> {
  if (signal.aborted) throw failed('it was stopped')
  const worker = new ChildWorker<SnapshotRequest, never, Snapshot>({
    module: 'snapshot/snapshot-process',
    settings: {},
  })
  try {
    const snapshot = await worker.run(request, { signal })
    if (signal.aborted) throw failed('it was stopped')
    return snapshot
  } catch (error) {
    discardSnapshot(request)
    if (error instanceof WorkerExit) throw failed(causeOf(error))
    throw hasCode(error, 'INTERNAL_SERVER_ERROR') ? failed(error.message) : error
  } finally {
    await worker.close()
  }
}

function causeOf({ reason, message }: WorkerExit): string {
  if (reason === 'ABORTED') return 'it was stopped'
  return reason === 'NOT_STARTED' ? `its process could not be started (${message})` : `its process ended (${message})`
}

function failed(cause: string): AppError {
  return new AppError('SNAPSHOT_FAILED', `The copy could not be made: ${cause}.`)
}
