import { basename, join } from 'node:path'
import type { Ingestion } from '../../../src/domain/ingestion.ts'
import { type NaiveIngestion, NaiveStore, TooManyRejectedRows } from '../../support/oracle/naive.ts'
import { type DropRow, writeDrop } from '../../support/oracle/parquet.ts'
import { RANDOM_NOW } from '../../support/oracle/random.ts'
import type { IngestionFigures } from '../../support/oracle/types.ts'
import { ProofDatabase, type Taken } from './database.ts'
import { expectSame } from './same.ts'

/** Few enough rows for a file to have several row groups. */
const ROW_GROUP = 17

export interface Standing {
  readonly id: string
  readonly sha256: string
  readonly path: string
}

/** The product and the oracle, fed with the same files. Every file's figures are compared as it goes in. */
export class Twins {
  readonly naive = new NaiveStore()
  readonly database: ProofDatabase
  readonly #standing: Standing[] = []
  #files = 0
  #ingestions = 0

  static async create(): Promise<Twins> {
    return new Twins(await ProofDatabase.create())
  }

  private constructor(database: ProofDatabase) {
    this.database = database
  }

  get reader() {
    return this.database.reader
  }

  async write(rows: readonly DropRow[]): Promise<string> {
    const path = join(this.database.folder, `${this.#files++}.parquet`)
    await writeDrop(path, rows, ROW_GROUP)
    return path
  }

  async ingest(rows: readonly DropRow[]): Promise<Taken> {
    return this.ingestFile(await this.write(rows), rows)
  }

  /** @param rows what is in the file */
  async ingestFile(path: string, rows: readonly DropRow[], { dryRun = false } = {}): Promise<Taken> {
    const options = { id: `ingestion ${this.#ingestions++}`, now: RANDOM_NOW, dryRun }
    const taken = await this.database.ingest(path, options)
    const { id, sha256 } = taken.ingestion
    const before = this.#standing.find(standing => standing.sha256 === sha256)
    expect([taken.alreadyIngested, id]).toEqual(before ? [true, before.id] : [false, options.id])
    if (before) return taken
    const expected = ingestNaively(this.naive, rows, options)
    await this.#expectOutcome(taken.ingestion, expected)
    if (expected instanceof TooManyRejectedRows) return taken
    if (dryRun) this.naive.revertLast()
    else this.#standing.push({ id, sha256, path })
    return taken
  }

  /** The name of the file that an ingestion took. */
  readonly fileOf = (id: string): string => basename(this.#standing.find(standing => standing.id === id)!.path)

  async revertLast(): Promise<void> {
    const { id } = this.#standing.pop()!
    const reverted = await this.database.loader.revert(id)
    expect([reverted.id, reverted.status]).toEqual([id, 'REVERTED'])
    this.naive.revertLast()
  }

  /** The ingestions that have not been reverted, oldest first. */
  get standing(): readonly Standing[] {
    return this.#standing
  }

  async #expectOutcome(found: Ingestion, expected: NaiveIngestion | TooManyRejectedRows): Promise<void> {
    const isRefused = expected instanceof TooManyRejectedRows
    expect([found.status, found.error?.code]).toEqual(isRefused ? ['FAILED', expected.code] : ['SUCCEEDED', undefined])
    expectSame(figuresOf(found), isRefused ? refusedFigures(expected) : namedFigures(expected))
    const { items } = await this.reader.rejectedRows(found.id, { size: 1_000_000, fromEnd: false })
    const rejected = items.map(({ rowNumber, reason, column }) => ({ rowNumber, reason, column }))
    expectSame(rejected, expected.rejectedRows)
    expectSame(await this.reader.ingestion(found.id), found)
  }

  async close(): Promise<void> {
    await this.database.close()
  }
}

function ingestNaively(naive: NaiveStore, rows: readonly DropRow[], options: { id: string; now: number }) {
  try {
    return naive.ingest(rows, options)
  } catch (error) {
    if (error instanceof TooManyRejectedRows) return error
    throw error
  }
}

/** A line of the ledger in the words of the oracles. */
export function figuresOf(ingestion: Ingestion): IngestionFigures {
  const { rowsRead, inserted, corrected, unchanged, rejected, accountsCreated } = ingestion
  const { firstMeasuredAt, lastMeasuredAt } = ingestion
  const rejections = Object.fromEntries(ingestion.rejections.map(({ reason, count }) => [reason, count]))
  const counts = { rowsRead, inserted, corrected, unchanged, rejected, rejections, accountsCreated }
  return { ...counts, firstMeasuredAt, lastMeasuredAt }
}

function namedFigures({ id: _, rejectedRows: __, ...figures }: NaiveIngestion): IngestionFigures {
  return figures
}

/** A refused file took nothing. */
function refusedFigures({ rowsRead, rejectedRows }: TooManyRejectedRows): IngestionFigures {
  const rejections: Record<string, number> = {}
  for (const { reason } of rejectedRows) rejections[reason] = (rejections[reason] ?? 0) + 1
  const nothing = { inserted: 0, corrected: 0, unchanged: 0, accountsCreated: 0 }
  const span = { firstMeasuredAt: null, lastMeasuredAt: null }
  return { rowsRead, rejected: rejectedRows.length, rejections, ...nothing, ...span }
}

/** Gives `work` twins, and takes them away afterwards. */
export async function withTwins<T>(work: (twins: Twins) => Promise<T>): Promise<T> {
  const twins = await Twins.create()
  try {
    return await work(twins)
  } finally {
    await twins.close()
  }
}
