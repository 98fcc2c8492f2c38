import { setImmediate as nextTurn } from 'node:timers/promises'
import { serializeError } from '../domain/errors.ts'
import type { IngestionProgress, RejectedRow } from '../domain/ingestion.ts'
import { ReadingThread } from '../ingestion/reading-thread.ts'
import type { RowsRequest } from '../ingestion/rows.ts'
import type { ChildMessage, Command, End, ParentMessage, ProcessSettings } from './messages.ts'

/*
 * The ingestion process: takes one command at a time over IPC until its parent closes the channel. It is a process
 * and not a thread because a hostile file can abort all of V8 (docs/adr/0001).
 */

const PROGRESS_EVERY_MS = 100

if (!process.send || !process.argv[2]) throw new Error('to be started by the ingestion supervisor only')
const { databasePath, waitMs, limits } = JSON.parse(process.argv[2]) as ProcessSettings

// A terminal sends Ctrl-C, and systemd SIGTERM, to the whole group; when to stop is the parent's to say.
process.on('SIGINT', () => {}).on('SIGTERM', () => {})

const thread = new ReadingThread()
// Only now, so that the thread loads its part of the program while this one loads the other.
const { ingestFile } = await import('../ingestion/pipeline.ts')
const { SqliteLoader } = await import('../storage/sqlite/load/loader.ts')
const loader = new SqliteLoader(databasePath, { waitMs, onWait: startWaiting })
let isWaiting = false
let cancellation = new AbortController()

process.on('message', (message: ParentMessage) => {
  if (message.type === 'cancel') return cancel()
  cancellation = new AbortController()
  void obey(message).then(tell)
})
process.on('disconnect', () => void loader.close().finally(() => process.exit(0)))

function startWaiting(): void {
  isWaiting = true
  tell({ type: 'waiting' })
}

/** A command that still waits for the lock has written nothing: the quickest way out is the door. */
function cancel(): void {
  if (isWaiting) process.exit(0)
  cancellation.abort()
}

async function obey(command: Command): Promise<End> {
  try {
    if (command.type === 'ingest') return await ingest(command)
    const ingestion = await loader.revert(command.id, rows => {
      isWaiting = false
      tell({ type: 'reverting', rows })
    })
    return { type: 'finished', ingestion, alreadyIngested: false }
  } catch (error) {
    return { type: 'failed', error: serializeError(error) }
  } finally {
    // A cancellation that comes too late must not end the process, which may be at the next command by then.
    isWaiting = false
  }
}

async function ingest(command: Command & { type: 'ingest' }): Promise<End> {
  const { file, identity, expectedSha256, strict, tellRejected } = command
  const job = {
    file,
    identity,
    expectedSha256,
    strict,
    limits,
    signal: cancellation.signal,
    onStarted: () => {
      isWaiting = false
      tell({ type: 'started' })
    },
    onDeclared: ({ rows, bytes }: { rows: number; bytes: number }) => tell({ type: 'declared', rows, bytes }),
    onProgress: throttledProgress(),
    ...(tellRejected && { onRejected: (rows: readonly RejectedRow[]) => tell({ type: 'rejected', rows }) }),
    readRows: (request: RowsRequest) => thread.read(request),
    // Messages of the parent are seen between two batches.
    pause: () => nextTurn(),
  }
  return { type: 'finished', ...(await ingestFile(job, loader)) }
}

function throttledProgress(): (progress: IngestionProgress) => void {
  let last = 0
  return progress => {
    const now = Date.now()
    if (now - last < PROGRESS_EVERY_MS) return
    last = now
    tell({ type: 'progress', progress })
  }
}

function tell(message: ChildMessage): void {
  if (process.connected) process.send?.(message)
}
