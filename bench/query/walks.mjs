import { join } from 'node:path'
import { LARGE, SMALL } from '../ingest/data.mjs'
import { ratio, table, targets } from '../ingest/format.mjs'
import { keptDatabase } from '../ingest/kept.mjs'
import { measure, told } from '../ingest/measure.mjs'
import { medians } from '../ingest/statistics.mjs'

const MOST = 1.5

/** The walks of an index: the first page and a late one, from few accounts and from many. */
export async function walks({ data, dir, runs }, place) {
  const databases = {
    small: await keptDatabase(SMALL, data, dir, place),
    large: await keptDatabase(LARGE, data, dir, place),
  }
  const found = {}
  for (let round = 0; round < runs; round++) {
    for (const [size, database] of Object.entries(databases)) {
      const { stdout } = await measure(process.execPath, [join(import.meta.dirname, 'trials/walks.mjs'), database], {
        env: { NODE_ENV: 'production', ...place.env },
      })
      for (const [walk, times] of Object.entries(told(stdout))) {
        found[walk] ??= { small: [], large: [] }
        found[walk][size].push(times)
      }
    }
  }
  return report(found, runs)
}

function report(found, runs) {
  const rows = Object.entries(found).map(([walk, { small, large }]) => {
    const [few, many] = [medians(small), medians(large)]
    return { walk, few, many, depth: many.late / many.first, size: many.first / few.first }
  })
  const worst = field => Math.max(...rows.map(row => row[field]))
  return [
    `Medians of ${runs} runs, each the median of many pages of 50 accounts, read without HTTP. A late page is the thousandth, or the hundredth of 10 thousand accounts.`,
    table(
      ['walk', '10,000: first', 'late', '200,000: first', 'late', 'late / first', 'large / small'],
      rows.map(({ walk, few, many, depth, size }) => [
        walk,
        ...[few.first, few.late, many.first, many.late].map(ms),
        ratio(depth),
        ratio(size),
      ]),
    ),
    targets([
      [
        'a late page against the first, of 200,000',
        `at most ${MOST} ×`,
        `${ratio(worst('depth'))} ×`,
        worst('depth') <= MOST,
      ],
      ['200,000 against 10,000 accounts', `at most ${MOST} ×`, `${ratio(worst('size'))} ×`, worst('size') <= MOST],
    ]),
  ].join('\n\n')
}

function ms(value) {
  return `${value.toFixed(2)} ms`
}
