import { accessSync, constants } from 'node:fs'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Ingestion } from '../../../src/domain/ingestion.ts'
import { hashFile } from '../../../src/ingestion/input-file.ts'
import { ingestFile } from '../../../src/ingestion/pipeline.ts'
import { type ReadRows, readRows } from '../../../src/ingestion/read-rows.ts'
import { migrateDatabase } from '../../../src/storage/sqlite/database.ts'
import { SqliteLoader } from '../../../src/storage/sqlite/load/loader.ts'
import { SqliteReader } from '../../../src/storage/sqlite/read/reader.ts'

export interface IngestOptions {
  readonly id: string
  /** The moment of ingestion, in milliseconds. */
  readonly now: number
  readonly dryRun?: boolean
}

/** Memory, where there is such a place: nothing here has to outlive a power cut, and each commit waits for its disk. */
const QUICK_FOLDER = isWritable('/dev/shm') ? '/dev/shm' : tmpdir()

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

export interface Taken {
  readonly ingestion: Ingestion
  readonly alreadyIngested: boolean
}

/** A database of its own in a folder of its own. Files go in by the real pipeline, in this process. */
export class ProofDatabase {
  readonly folder: string
  readonly path: string
  readonly loader: SqliteLoader
  readonly reader: SqliteReader

  /** @param parent of the folder; the default has little room */
  static async create(parent = QUICK_FOLDER): Promise<ProofDatabase> {
    return new ProofDatabase(await realpath(await mkdtemp(join(parent, 'proof-'))))
  }

  private constructor(folder: string) {
    this.folder = folder
    this.path = join(folder, 'proof.db')
    migrateDatabase(this.path)
    this.loader = new SqliteLoader(this.path)
    this.reader = new SqliteReader(this.path)
  }

  /** Takes a file as the ingestion process does: bytes that were taken before are answered with their ingestion. */
  async ingest(path: string, { id, now, dryRun = false }: IngestOptions): Promise<Taken> {
    const file = await hashFile(path, basename(path))
    const { sha256, name: fileName, state } = file
    const bytes = { fileName, sha256, fileSize: Number(state.size) }
    const identity = { id, ...bytes, dryRun, queuedAt: now, programVersion: '0.0.0-proof' }
    return ingestFile({ file, identity, readRows: readRowsAt(now) }, this.loader)
  }

  async close(): Promise<void> {
    this.reader.close()
    await this.loader.close()
    await rm(this.folder, { recursive: true })
  }
}

/** As if the clock stood still. */
function readRowsAt(ingestedAt: number): ReadRows {
  return request => readRows({ ...request, ingestedAt })
}

/** Gives `work` a database, and takes it away afterwards. */
export async function withDatabase<T>(work: (database: ProofDatabase) => Promise<T>, parent?: string): Promise<T> {
  const database = await ProofDatabase.create(parent)
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}
