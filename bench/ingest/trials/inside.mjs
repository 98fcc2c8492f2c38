import { realpath } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { programModule } from '../program.mjs'

/*
 * The pipeline as the ingestion process runs it, without the processes around it: what it prints is the time from
 * before the ledger's first line to after the log was emptied. The hash of the file is not in it, nor is the start of
 * the reading thread, which is kept warm between files.
 */

const UNTIL_WARM_MS = 400

const [, , database, parquet] = process.argv
const { SqliteLoader } = await programModule('storage/sqlite/load/loader.js')
const { ingestFile } = await programModule('ingestion/pipeline.js')
const { hashFile } = await programModule('ingestion/input-file.js')
const { ReadingThread } = await programModule('ingestion/reading-thread.js')

const file = await hashFile(await realpath(parquet), parquet)
const loader = new SqliteLoader(database)
const thread = new ReadingThread()
await sleep(UNTIL_WARM_MS)
const identity = {
  id: crypto.randomUUID(),
  fileName: 'drop.parquet',
  sha256: file.sha256,
  fileSize: Number(file.state.size),
  dryRun: false,
  queuedAt: Date.now(),
  programVersion: 'bench',
}

const startedAt = performance.now()
const { ingestion } = await ingestFile({ file, identity, readRows: request => thread.read(request) }, loader)
const inside = (performance.now() - startedAt) / 1000
await loader.close()
await thread.close()
if (ingestion.status !== 'SUCCEEDED') throw new Error(`${ingestion.status}: ${ingestion.error?.message}`)
console.log(JSON.stringify({ inside }))
