import type { Statement } from 'better-sqlite3'
import type { Connection } from '../connection/connection.ts'
import { periodOf } from '../schema/tables.ts'
import type { Block } from './block.ts'

/** Rows of one multi-row INSERT, all of one period. Longer statements are no faster. */
const CHUNK = 100

interface UpsertCounts {
  inserted: number
  corrected: number
}

/**
 * Writes measurements and counts exactly how many were inserted and how many corrected; the rest are unchanged:
 * docs/rules.md, rule 3. Rows with equal keys must come in file order.
 */
export class Upsert {
  readonly counts: UpsertCounts = { inserted: 0, corrected: 0 }
  readonly #ingestion: number
  readonly #insertChunk: Statement
  readonly #insertOne: Statement
  readonly #countDifferent: Statement
  readonly #keepReplaced: Statement
  readonly #replace: Statement

  constructor(connection: Connection, ingestion: number) {
    this.#ingestion = ingestion
    this.#insertChunk = connection.prepare(insertSql(CHUNK, ingestion))
    this.#insertOne = connection.prepare(insertSql(1, ingestion))
    this.#countDifferent = connection.prepare(countDifferentSql(CHUNK)).pluck()
    this.#keepReplaced = connection.prepare(`
      INSERT INTO correction (corrected_by, sequence, account, measured_at, subscriber_count, category_set, ingestion)
      SELECT ?, ?, account, measured_at, subscriber_count, category_set, ingestion FROM measurement
      WHERE period = ? AND account = ? AND measured_at = ? AND (subscriber_count <> ? OR category_set <> ?)`)
    this.#replace = connection.prepare(`
      UPDATE measurement SET subscriber_count = ?, category_set = ?, ingestion = ?
      WHERE period = ? AND account = ? AND measured_at = ?`)
  }

  /** Writes the rows of `block` in the given order: see `keyOrder`. */
  write(block: Block, order: Uint32Array): void {
    const values: number[] = new Array(CHUNK * 4)
    const periodAt = (at: number) => periodOf(block.measuredAt[order[at]!]!)
    for (let at = 0; at < order.length; ) {
      const last = at + CHUNK - 1
      if (last < order.length && periodAt(last) === periodAt(at)) {
        this.#writeChunk(block, order, at, values)
        at += CHUNK
      } else this.#writeOne(rowOf(block, order[at++]!))
    }
  }

  #writeChunk(block: Block, order: Uint32Array, start: number, values: number[]): void {
    for (let i = 0, at = 0; i < CHUNK; i++) {
      const row = order[start + i]!
      values[at++] = block.account[row]!
      values[at++] = block.measuredAt[row]!
      values[at++] = block.subscriberCount[row]!
      values[at++] = block.categorySet[row]!
    }
    const period = { period: periodOf(block.measuredAt[order[start]!]!) }
    const { changes } = this.#insertChunk.run(values, period)
    this.counts.inserted += changes
    if (changes === CHUNK || this.#countDifferent.get(values, period) === 0) return
    // A row that was just inserted equals what is stored, so correcting all rows in order changes only the others.
    for (let i = 0; i < CHUNK; i++) this.#correct(rowOf(block, order[start + i]!))
  }

  #writeOne(row: Row): void {
    const { changes } = this.#insertOne.run(row.account, row.at, row.count, row.set, { period: row.period })
    this.counts.inserted += changes
    if (changes === 0) this.#correct(row)
  }

  #correct({ period, account, at, count, set }: Row): void {
    const sequence = this.counts.corrected + 1
    const kept = this.#keepReplaced.run(this.#ingestion, sequence, period, account, at, count, set)
    if (kept.changes === 0) return
    this.#replace.run(count, set, this.#ingestion, period, account, at)
    this.counts.corrected = sequence
  }
}

interface Row {
  readonly period: number
  readonly account: number
  readonly at: number
  readonly count: number
  readonly set: number
}

function rowOf(block: Block, row: number): Row {
  const at = block.measuredAt[row]!
  const [account, count, set] = [block.account[row]!, block.subscriberCount[row]!, block.categorySet[row]!]
  return { period: periodOf(at), account, at, count, set }
}

/** The values that all rows share are bound once or written out: binding takes a tenth of the time. */
function tuples(rows: number, others: string): string {
  return new Array(rows).fill(`(@period, ?, ?, ?, ?${others})`).join(', ')
}

function insertSql(rows: number, ingestion: number): string {
  return `INSERT INTO measurement (period, account, measured_at, subscriber_count, category_set, ingestion)
    VALUES ${tuples(rows, `, ${ingestion}`)} ON CONFLICT DO NOTHING`
}

/** Counts the rows that differ from what is stored under their keys. Takes the same values as the insert. */
function countDifferentSql(rows: number): string {
  return `WITH sent (period, account, measured_at, subscriber_count, category_set) AS (VALUES ${tuples(rows, '')})
    SELECT count(*) FROM sent CROSS JOIN measurement m
      ON m.period = sent.period AND m.account = sent.account AND m.measured_at = sent.measured_at
    WHERE m.subscriber_count <> sent.subscriber_count OR m.category_set <> sent.category_set`
}
