import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { AppError, deserializeError } from '../domain/errors.ts'
import type { Snapshot } from '../domain/snapshot.ts'
import { packageFile } from '../package-file.ts'
import { removeUnfinishedCopy } from '../storage/sqlite/files/copy.ts'
import type { SnapshotRequest } from '../storage/sqlite/files/snapshot.ts'
import type { SnapshotMessage } from './snapshot-messages.ts'

const ENTRY = fileURLToPath(packageFile('dist/workers/snapshot-entry.js'))

/**
 * Copies a database in a process of its own.
 *
 * @param signal kills that process, and nothing is left of the copy
 * @throws AppError
 */
export async function snapshotInProcess(request: SnapshotRequest, signal: AbortSignal): Promise<Snapshot> {
  if (signal.aborted) throw given('it was stopped')
  const child = start(request)
  const kill = () => child.kill('SIGKILL')
  signal.addEventListener('abort', kill)
  try {
    const message = await lastWordOf(child)
    if (message?.type === 'taken' && !signal.aborted) return message.snapshot
    removeUnfinishedCopy(request.unfinishedPath)
    if (message === undefined || signal.aborted) throw given(signal.aborted ? 'it was stopped' : 'its process died')
    throw errorOf(message)
  } finally {
    signal.removeEventListener('abort', kill)
  }
}

/** Some causes are thrown, others told later: see `lastWordOf`. */
function start(request: SnapshotRequest): ChildProcess {
  try {
    return fork(ENTRY, [JSON.stringify(request)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] })
  } catch (error) {
    throw notStarted(error)
  }
}

/** What it said, if anything, once it is gone: a copy that is given up may not go on growing. */
async function lastWordOf(child: ChildProcess): Promise<SnapshotMessage | undefined> {
  let word: SnapshotMessage | undefined
  child.on('message', (message: SnapshotMessage) => (word = message))
  await once(child, 'exit').catch(error => {
    if (child.pid === undefined) throw notStarted(error)
  })
  return word
}

function errorOf(message: SnapshotMessage): Error {
  if (message.type === 'taken') return given('it was stopped')
  const { code } = message.error
  return code === 'INTERNAL_SERVER_ERROR' ? given(message.error.message) : deserializeError(message.error)
}

function notStarted(error: unknown): AppError {
  const { code, message } = error as NodeJS.ErrnoException
  return given(`its process could not be started (${code ?? message})`)
}

function given(why: string): AppError {
  return new AppError('SNAPSHOT_FAILED', `The copy could not be made: ${why}.`)
}
