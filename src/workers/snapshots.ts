import { randomUUID } from 'node:crypto'
import { realpathSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Snapshot, Snapshots } from '../domain/snapshot.ts'
import { removeUnsentCopies, unfinishedCopyPath, unsentCopyPath } from '../storage/sqlite/files/copy.ts'
import { readDataState, removeAbandonedSnapshots, requireSnapshotPath } from '../storage/sqlite/files/snapshot.ts'
import { snapshotInProcess } from './snapshot-process.ts'

/** Copies that are sent to clients; they lie beside the database until then. */
export class DownloadSnapshots implements Snapshots {
  readonly #databasePath: string

  /** Removes what a crash has left. Only the one server of a database sends copies of it. */
  static async of(databasePath: string): Promise<DownloadSnapshots> {
    await removeAbandonedSnapshots(databasePath)
    removeUnsentCopies(databasePath, dirname(realpathSync(databasePath)))
    return new DownloadSnapshots(realpathSync(databasePath))
  }

  private constructor(databasePath: string) {
    this.#databasePath = databasePath
  }

  async state(): Promise<string> {
    return readDataState(this.#databasePath)
  }

  async take(signal: AbortSignal): Promise<Snapshot> {
    const databasePath = this.#databasePath
    const [folder, name] = [dirname(databasePath), randomUUID()]
    const unsent = unsentCopyPath(databasePath, folder, name)
    const request = {
      databasePath,
      unfinishedPath: unfinishedCopyPath(databasePath, folder, name),
      outPath: unsent,
      force: true,
    }
    try {
      return await snapshotInProcess(request, signal)
    } catch (error) {
      rmSync(unsent, { force: true })
      throw error
    }
  }
}

/**
 * Copies a database to where somebody wants it.
 *
 * @throws AppError
 */
export async function snapshotTo(
  databasePath: string,
  outPath: string,
  { force, signal }: { readonly force: boolean; readonly signal: AbortSignal },
): Promise<Snapshot> {
  requireSnapshotPath({ databasePath, outPath, force })
  const unfinishedPath = unfinishedCopyPath(databasePath, dirname(outPath), randomUUID())
  return snapshotInProcess({ databasePath, unfinishedPath, outPath, force }, signal)
}
