import { join } from 'node:path'
import { type Row, writeDrop } from '../../support/program/drops.ts'

const ACCOUNTS = 1_000
const START = Date.UTC(2022, 0)
const HOUR_MS = 3_600_000
/** Between the first instants of two drops of a series: no drop is longer. */
const SPAN_MS = 200 * HOUR_MS
/** Of the rows, so many correct the drop before. */
const CORRECTIONS = 0.1

const CATEGORIES = [null, 'Gaming', 'Podcast;Gaming', 'Education']

/** Writes a series of drops of these many rows, each of which corrects some of the one before it. */
export async function writeSeries(folder: string, sizes: readonly number[]): Promise<string[]> {
  const names = sizes.map((_, drop) => `drop-${String(drop).padStart(2, '0')}.parquet`)
  for (const [drop, rows] of sizes.entries()) await writeDrop(join(folder, names[drop]!), rowsOf(drop, rows))
  return names
}

function rowsOf(drop: number, rows: number): Row[] {
  return Array.from({ length: rows }, (_, i) => {
    const of = i < rows * CORRECTIONS ? drop - 1 : drop
    const at = START + of * SPAN_MS + Math.floor(i / ACCOUNTS) * HOUR_MS
    const account = (i % ACCOUNTS) + 1
    const count = (i * 7919 + drop * 104_729) % 1_000_000
    return { account, count, at: new Date(at).toISOString(), categories: CATEGORIES[(i + drop) % CATEGORIES.length]! }
  })
}
