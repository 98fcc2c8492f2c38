import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { Refusal } from '../../../src/domain/errors.ts'
import { type Ingestion, queued } from '../../../src/domain/ingestion.ts'
import type { IngestOutcome, Ingestor, IngestRequest } from '../../../src/domain/store.ts'
import { type HashedFile, hashDrop } from '../../../src/ingest/drop.ts'
import { ingestFile } from '../../../src/ingest/pipeline.ts'
import { SqliteLoader } from '../../../src/storage/sqlite/loader.ts'
import type { SqliteReader } from '../../../src/storage/sqlite/reader.ts'

/** Takes files with the real pipeline and loader, without the process that the server puts around them. */
export class InProcessIngestor implements Ingestor {
  readonly #folder: string
  readonly #reader: SqliteReader
  readonly #loader: SqliteLoader
  readonly #running = new Map<string, Ingestion>()
  #turn: Promise<unknown> = Promise.resolve()

  constructor(folder: string, databasePath: string, reader: SqliteReader) {
    this.#folder = folder
    this.#reader = reader
    this.#loader = new SqliteLoader(databasePath)
  }

  async ingest({ file, wait, expectedSha256 }: IngestRequest): Promise<IngestOutcome> {
    const hashed = await hashDrop(join(this.#folder, file), file).catch((error: Refusal) => error)
    if (hashed instanceof Refusal) return { ingestion: null, alreadyIngested: false, error: hashed.toUserError() }
    const before = await this.#reader.findIngested(hashed.sha256)
    if (before) return { ingestion: before, alreadyIngested: true, error: null }
    const state = this.#enqueue(hashed)
    const end = this.#turn.then(() => this.#run(hashed, state.id, expectedSha256))
    this.#turn = end
    const ingestion = wait ? await end : state
    return { ingestion, alreadyIngested: false, error: ingestion.error }
  }

  inProgress(id: string): Ingestion | undefined {
    return this.#running.get(id)
  }

  async close(): Promise<void> {
    await this.#turn
    await this.#loader.close()
  }

  #enqueue({ name, sha256, state }: HashedFile): Ingestion {
    const identity = { id: randomUUID(), fileName: name, sha256, fileSize: Number(state.size), dryRun: false }
    const ingestion = queued({ ...identity, queuedAt: Date.now(), programVersion: '0.0.0-test' })
    this.#running.set(ingestion.id, ingestion)
    return ingestion
  }

  async #run(file: HashedFile, id: string, expectedSha256: string | undefined): Promise<Ingestion> {
    const change = (news: Partial<Ingestion>) => this.#running.set(id, { ...this.#running.get(id)!, ...news })
    const identity = this.#running.get(id)!
    change({ status: 'RUNNING', startedAt: Date.now() })
    try {
      return await ingestFile(
        { file, identity: identityOf(identity), expectedSha256, onProgress: change },
        this.#loader,
      )
    } finally {
      this.#running.delete(id)
    }
  }
}

function identityOf({ id, fileName, sha256, fileSize, dryRun, queuedAt, programVersion }: Ingestion) {
  return { id, fileName, sha256, fileSize, dryRun, queuedAt, programVersion }
}
