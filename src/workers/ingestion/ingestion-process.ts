import { setImmediate as nextTurn } from 'node:timers/promises'
import type { IngestionIdentity, IngestionProgress, IngestionResult, RejectedRow } from '../../domain/ingestion.ts'
import type { HashedFile } from '../../ingestion/input-file.ts'
import type { RowsRequest } from '../../ingestion/read-rows.ts'
import { ReadingThread } from '../../ingestion/reading-thread.ts'
import type { ResourceLimits } from '../../ingestion/resource-limits.ts'
import { type CommandContext, serveCommands, workerSettings } from '../worker-process.ts'

/*
 * The ingestion process: decodes files and writes to the database, one command at a time. It is a process and not a
 * thread because a hostile file can abort V8 as a whole (docs/adr/0001).
 */

export interface IngestionSettings {
  readonly databasePath: string
  /** How long a command waits for another program that writes. */
  readonly waitMs: number
  readonly limits: ResourceLimits
}

export type IngestionCommand =
  | {
      readonly type: 'ingest'
      readonly file: HashedFile
      readonly identity: IngestionIdentity
      readonly expectedSha256: string | undefined
      readonly strict: boolean
      /** Whether to emit every rejected row, including those that the database does not keep. */
      readonly emitRejected: boolean
    }
  | { readonly type: 'revert'; readonly id: string }

export type IngestionEvent =
  /** Another program holds the write lock. */
  | { readonly type: 'waiting' }
  /** The ledger entry is written and the file is being opened. */
  | { readonly type: 'started' }
  /** The size that the file declares, which sets the deadline. */
  | { readonly type: 'declared'; readonly rows: number; readonly bytes: number }
  /** A reversal has begun. It may have to read every row of the database, which sets the deadline. */
  | { readonly type: 'reverting'; readonly rows: number }
  | { readonly type: 'progress'; readonly progress: IngestionProgress }
  | { readonly type: 'rejected'; readonly rows: readonly RejectedRow[] }

type Context = CommandContext<IngestionEvent>

const PROGRESS_INTERVAL_MS = 100

const { databasePath, waitMs, limits } = workerSettings<IngestionSettings>()
const thread = new ReadingThread()
// Imported after the thread is started, so that both load their modules at the same time.
const { ingestFile } = await import('../../ingestion/pipeline.ts')
const { SqliteLoader } = await import('../../storage/sqlite/load/loader.ts')
let context: Context | undefined
const loader = new SqliteLoader(databasePath, { waitMs, onWait: () => context?.emit({ type: 'waiting' }) })

serveCommands<IngestionCommand, IngestionEvent, IngestionResult>(
  (command, commandContext) => {
    context = commandContext
    return command.type === 'ingest' ? ingest(command, commandContext) : revert(command.id, commandContext)
  },
  () => loader.close(),
)

async function revert(id: string, { emit }: Context): Promise<IngestionResult> {
  const ingestion = await loader.revert(id, rows => emit({ type: 'reverting', rows }))
  return { ingestion, alreadyIngested: false }
}

function ingest(
  { file, identity, expectedSha256, strict, emitRejected }: IngestionCommand & { type: 'ingest' },
  { emit, signal }: Context,
): Promise<IngestionResult> {
  const job = {
    file,
    identity,
    expectedSha256,
    strict,
    limits,
    signal,
    onStarted: () => emit({ type: 'started' }),
    onDeclared: ({ rows, bytes }: { rows: number; bytes: number }) => emit({ type: 'declared', rows, bytes }),
    onProgress: throttled(progress => emit({ type: 'progress', progress })),
    ...(emitRejected && { onRejected: (rows: readonly RejectedRow[]) => emit({ type: 'rejected', rows }) }),
    readRows: (request: RowsRequest) => thread.read(request),
    // Lets the process receive a cancellation between two batches.
    pause: () => nextTurn(),
  }
  return ingestFile(job, loader)
}

function throttled(emit: (progress: IngestionProgress) => void): (progress: IngestionProgress) => void {
  let last = Number.NEGATIVE_INFINITY
  return progress => {
    const now = performance.now()
    if (now - last < PROGRESS_INTERVAL_MS) return
    last = now
    emit(progress)
  }
}
