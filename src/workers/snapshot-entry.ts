import { setImmediate as nextTurn } from 'node:timers/promises'
import { serializeError } from '../domain/errors.ts'
import { type SnapshotRequest, takeSnapshot } from '../storage/sqlite/files/snapshot.ts'
import type { SnapshotMessage } from './snapshot-messages.ts'

/*
 * The process that copies a database. SQLite does that in one statement, which nothing but the end of its process can
 * interrupt.
 */

if (!process.send || !process.argv[2]) throw new Error('to be started by the server or the command line only')
// The terminal sends Ctrl-C to the whole group; when to stop is the parent's to say.
process.on('SIGINT', () => {})

const answer = await copy(JSON.parse(process.argv[2]) as SnapshotRequest)
if (process.connected) process.send(answer, () => process.disconnect?.())

async function copy(request: SnapshotRequest): Promise<SnapshotMessage> {
  try {
    return { type: 'taken', snapshot: await takeSnapshot(request, isParentThere) }
  } catch (error) {
    return { type: 'failed', error: serializeError(error) }
  }
}

/** While SQLite was at work nobody could say that the parent is gone. */
async function isParentThere(): Promise<boolean> {
  await nextTurn()
  await nextTurn()
  return process.connected
}
