import { FIRST, accountIdOf as recordedId, SECOND } from '../../support/database/every-table.ts'
import type { NaiveStore } from '../../support/oracle/naive.ts'
import type { RawRow } from '../../support/oracle/types.ts'
import { idOf } from '../../support/parquet/columns.ts'
import { BIG_ROWS, type Row } from '../../support/program/drops.ts'

const ACCOUNTS = 300
const TAGS = ['Gaming', 'gaming; Podcast', 'Education;Investment', null, ' Podcast ;; Podcast']

/**
 * What came in on one day: every account three times, a few of the day before corrected, and one row that is wrong.
 *
 * @param day from 1
 */
export function dropOf(day: number): Row[] {
  const measured = Array.from({ length: ACCOUNTS * 3 }, (_, i): Row => {
    const account = (i % ACCOUNTS) + 1
    const at = new Date(Date.UTC(2024, 3 + Math.floor(day / 2), day * 4, Math.floor(i / ACCOUNTS) * 7, account % 60))
    const count = Math.floor(500 + account ** 2.4 * (1 + ((account * 7 + day * 13) % 29) / 25))
    return { account, count, at: at.toISOString(), categories: TAGS[(account + (day % 2)) % TAGS.length]! }
  })
  const corrected = day === 1 ? [] : dropOf(day - 1).slice(0, 20)
  const wrong: Row = { account: 1, count: -1, at: '2024-04-01T00:00:00Z' }
  return [...measured, ...corrected.map(row => ({ ...row, count: Math.abs(row.count) + 7 })), wrong]
}

/** The rows that `writeBigDrop` writes. */
export function bigDrop(): RawRow[] {
  const start = Date.UTC(2023, 0, 1)
  return Array.from({ length: BIG_ROWS }, (_, i) => ({
    account_id: idOf(i % 2000),
    subscriber_count: BigInt(2000 + i),
    date: new Date(start + Math.floor(i / 2000) * 3_600_000).toISOString(),
    categories: 'Gaming;Podcast',
  }))
}

export function rawRows(rows: readonly Row[]): RawRow[] {
  return rows.map(({ account, count, at, categories = null }) => ({
    account_id: idOf(account),
    subscriber_count: BigInt(count),
    date: at,
    categories,
  }))
}

/** Lets the oracle know what the database of the first migration holds. */
export function recallFirstDatabase(naive: NaiveStore, now: number): void {
  for (const [i, rows] of [FIRST, SECOND].entries()) {
    const raw = rows.map(([account, count, at, categories = []]) => ({
      account_id: recordedId(account),
      subscriber_count: BigInt(count),
      date: at,
      categories: categories.join(';'),
    }))
    naive.ingest(raw, { id: `drop-${i + 1}.parquet`, now })
  }
}
