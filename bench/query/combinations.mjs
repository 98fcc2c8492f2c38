import { join } from 'node:path'
import { LARGE } from '../ingest/data.mjs'
import { table, targets, whole } from '../ingest/format.mjs'
import { keptDatabase } from '../ingest/kept.mjs'
import { measure, told } from '../ingest/measure.mjs'
import { median } from '../ingest/statistics.mjs'

const MOST_MS = 100

/** Every filter with every order, of 200 thousand accounts. */
export async function combinations({ data, dir, runs }, place) {
  const database = await keptDatabase(LARGE, data, dir, place)
  const found = new Map()
  for (let round = 0; round < runs; round++) {
    const { stdout } = await measure(
      process.execPath,
      [join(import.meta.dirname, 'trials/combinations.mjs'), database],
      {
        env: { NODE_ENV: 'production', ...place.env },
      },
    )
    for (const { filter, what, time } of told(stdout)) {
      const key = JSON.stringify([filter, what])
      found.set(key, [...(found.get(key) ?? []), time])
    }
  }
  const times = [...found].map(([key, all]) => {
    const [filter, what] = JSON.parse(key)
    return { filter, what, time: median(all) }
  })
  return report(times, runs)
}

function report(times, runs) {
  const filters = [...new Set(times.map(({ filter }) => filter))]
  const rows = filters.map(filter => {
    const all = times.filter(found => found.filter === filter).sort((a, b) => b.time - a.time)
    const [slowest] = all
    return [filter, whole(all.length), ms(median(all.map(({ time }) => time))), ms(slowest.time), slowest.what]
  })
  const slowest = Math.max(...times.map(({ time }) => time))
  return [
    `Medians of ${runs} runs. Each filter in every order, both ways, its first page and its sixth from both ends, and its total; pages of 50 accounts, read without HTTP.`,
    table(['filter', 'reads', 'median', 'slowest', 'which that is'], rows),
    targets([['the slowest of all', `under ${MOST_MS} ms`, ms(slowest), slowest < MOST_MS]]),
  ].join('\n\n')
}

function ms(value) {
  return `${value.toFixed(value < 1 ? 2 : 1)} ms`
}
