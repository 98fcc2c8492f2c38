import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readPages } from './client.mjs'
import { SMALL } from './data.mjs'
import { megabytes, ratio, seconds, table, targets, whole } from './format.mjs'
import { keptDatabase } from './kept.mjs'
import { measure, told } from './measure.mjs'
import { startServer } from './server.mjs'
import { removeDatabase } from './trial.mjs'

const READ_MS = 10_000

/** 100 million rows of a million accounts, in ten loads of ten instants; then pages of that database. */
export async function scale({ data, dir }, place) {
  const small = { ...place, database: await keptDatabase(SMALL, data, dir, place) }
  removeDatabase(place.database)
  const script = join(import.meta.dirname, 'trials/scale.mjs')
  const { stdout, peakBytes } = await measure(process.execPath, [script, place.database], { env: place.env })
  const { loads, bytes } = told(stdout)
  const [smallPages, largePages] = [await pages(small, data), await pages(place, data)]
  removeDatabase(place.database)
  return report(loads, { bytes, peakBytes }, smallPages, largePages)
}

async function pages(place, data) {
  const server = await startServer(place, data)
  try {
    await readPages(server.url, sleep(READ_MS / 3))
    return await readPages(server.url, sleep(READ_MS))
  } finally {
    await server.stop()
  }
}

function report(loads, { bytes, peakBytes }, smallPages, largePages) {
  const rates = loads.map(({ rows, seconds }) => rows / seconds)
  const fall = rates.at(-1) / rates[0]
  const slower = largePages.p99 / smallPages.p99
  const ms = value => `${value.toFixed(1)} ms`
  return [
    `One run. The file has ${megabytes(bytes)} afterwards; the loading process took ${megabytes(peakBytes)} at most.`,
    table(
      ['rows before', 'ten million more', 'rows/s', 'of it growth and commit'],
      loads.map(({ rows, seconds: took, ending }, at) => [
        whole(at * rows),
        seconds(took),
        whole(rows / took),
        seconds(ending),
      ]),
    ),
    table(
      ['pages of 20 accounts', 'median', 'p99'],
      [
        ['of 450 thousand rows', ms(smallPages.median), ms(smallPages.p99)],
        ['of 100 million rows', ms(largePages.median), ms(largePages.p99)],
      ],
    ),
    targets([
      ['rate of the last tenth, of the first', 'at least 0.67', ratio(fall), fall >= 2 / 3],
      ['p99 of a page', 'at most 1.5 × that of the small one', `${ratio(slower)} ×`, slower <= 1.5],
    ]),
  ].join('\n\n')
}
