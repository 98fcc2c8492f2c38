import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Snapshot } from '../../domain/snapshot.ts'
import { type SnapshotRequest, takeSnapshot } from '../../storage/sqlite/files/snapshot.ts'
import { serveCommands, workerSettings } from '../worker-process.ts'

/*
 * A snapshot process: copies a database. SQLite does that in one statement, which can be interrupted only by killing
 * the process.
 */

workerSettings()
let snapshot: Promise<Snapshot> | undefined

serveCommands<SnapshotRequest, never, Snapshot>(
  request => (snapshot = takeSnapshot(request, isParentConnected)),
  // Removes an unfinished copy when the parent is gone.
  async () => await snapshot?.catch(() => {}),
)

/** While SQLite was at work, this process could not be notified that the parent is gone. */
async function isParentConnected(): Promise<boolean> {
  await nextTurn()
  await nextTurn()
  return process.connected
}
