import { Refusal } from '../domain/errors.ts'
import type { IngestionProgress } from '../domain/ingestion.ts'
import { ingestFile } from '../ingest/pipeline.ts'
import { SqliteLoader } from '../storage/sqlite/loader.ts'
import type { IngestCommand, IngestionMessage } from './messages.ts'

/*
 * The ingestion process: takes one command at a time over IPC until its parent closes the channel. It is a process
 * and not a thread because a hostile file can abort all of V8 (docs/adr/0001).
 */

const PROGRESS_EVERY_MS = 100

const [databasePath] = process.argv.slice(2)
if (!databasePath || !process.send) throw new Error('to be started by the ingestion supervisor only')

const loader = new SqliteLoader(databasePath, { onWait: () => tell({ type: 'waiting' }) })

process.on('message', (command: IngestCommand) => void obey(command))
process.on('disconnect', () => void loader.close().finally(() => process.exit(0)))
// The terminal sends Ctrl-C to the whole group; when to stop is the parent's to say.
process.on('SIGINT', () => {})

async function obey({ file, identity, expectedSha256 }: IngestCommand): Promise<void> {
  try {
    const before = await loader.findIngested(file.sha256)
    if (before) return tell({ type: 'finished', ingestion: before, alreadyIngested: true })
    const ingestion = await ingestFile({ file, identity, expectedSha256, onProgress: throttledProgress() }, loader)
    tell({ type: 'finished', ingestion, alreadyIngested: false })
  } catch (error) {
    if (error instanceof Refusal) tell({ type: 'refused', code: error.code, message: error.message })
    else tell({ type: 'failed', stack: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
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

function tell(message: IngestionMessage): void {
  process.send?.(message)
}
