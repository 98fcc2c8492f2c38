import { programModule } from '../../ingest/program.mjs'
import { median } from '../../ingest/statistics.mjs'

/*
 * Reads pages along each index through the program's reader: the first and a late one by turns. What it prints is the
 * median of their times in milliseconds.
 */

const SIZE = 50
const WARM_UPS = 100
const ROUNDS = 400

const { SqliteReader } = await programModule('storage/sqlite/read/reader.js')
const { positionOf } = await programModule('domain/account.js')
const reader = new SqliteReader(process.argv[2])

const growth = window => ({ window, baseline: 'FIRST_IN_WINDOW' })
const by = (field, more = {}) => ({ field, direction: 'DESC', ...more })
const percent = window => by('GROWTH_PERCENT', { growth: growth(window) })
const WALKS = {
  SUBSCRIBER_COUNT: [{}, by('SUBSCRIBER_COUNT')],
  'SUBSCRIBER_COUNT, ascending': [{}, by('SUBSCRIBER_COUNT', { direction: 'ASC' })],
  'SUBSCRIBER_COUNT above 5,000': [{ subscriberCount: { gt: 5_000 } }, by('SUBSCRIBER_COUNT')],
  'SUBSCRIBER_COUNT within Gaming': [{ categories: { anyOf: ['gaming'] } }, by('SUBSCRIBER_COUNT')],
  MEASURED_AT: [{}, by('MEASURED_AT')],
  ACCOUNT_ID: [{}, by('ACCOUNT_ID')],
  'GROWTH_PERCENT MONTH': [{}, percent('MONTH')],
  'GROWTH_PERCENT MONTH above −100 %': [{ growth: { ...growth('MONTH'), percent: { gt: -100 } } }, percent('MONTH')],
  'GROWTH_PERCENT WEEK, all unknown': [{}, percent('WEEK')],
}

const accounts = (await reader.dataset()).accountCount
const late = Math.min(1_000, Math.floor(accounts / SIZE / 2))

const found = {}
for (const [name, [filter, order]] of Object.entries(WALKS)) {
  const read = after => reader.accounts(filter, order, { size: SIZE, fromEnd: false, after })
  const after = await positionAfter(late - 1, read, order)
  const times = { first: [], late: [] }
  const pages = Object.entries({ first: undefined, late: after })
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    for (const [page, position] of pages) {
      const startedAt = performance.now()
      const { items } = await read(position)
      const time = performance.now() - startedAt
      if (items.length !== SIZE) throw new Error(`${name}: ${page} has ${items.length} accounts`)
      if (round >= 0) times[page].push(time)
    }
  }
  found[name] = { first: median(times.first), late: median(times.late) }
}
reader.close()
console.log(JSON.stringify(found))

async function positionAfter(pages, read, order) {
  let position
  for (let page = 0; page < pages; page++) position = positionOf((await read(position)).items.at(-1), order)
  return position
}
