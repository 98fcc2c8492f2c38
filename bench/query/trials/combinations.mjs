import { programModule } from '../../ingest/program.mjs'

/*
 * Reads each filter in each order through the program's reader, whether or not an index serves. What it prints is the
 * time of each in milliseconds.
 */

const SIZE = 50
const PAGES = 6

const { SqliteReader } = await programModule('storage/sqlite/read/reader.js')
const { positionOf } = await programModule('domain/account.js')
const reader = new SqliteReader(process.argv[2])

const KINDS = ['WEEK', 'MONTH'].flatMap(window =>
  ['FIRST_IN_WINDOW', 'AT_WINDOW_START'].map(baseline => ({ window, baseline })),
)
const ORDERS = [
  ...['SUBSCRIBER_COUNT', 'MEASURED_AT', 'ACCOUNT_ID'].map(field => ({ field })),
  ...KINDS.flatMap(growth => ['GROWTH_PERCENT', 'GROWTH_ABSOLUTE'].map(field => ({ field, growth }))),
].flatMap(order => ['DESC', 'ASC'].map(direction => ({ ...order, direction })))

const month = { window: 'MONTH', baseline: 'FIRST_IN_WINDOW' }
const FILTERS = {
  none: {},
  'one category': { categories: { anyOf: ['gaming'] } },
  'any of two categories': { categories: { anyOf: ['gaming', 'podcast'] } },
  'all of four categories': { categories: { allOf: ['gaming', 'podcast', 'education', 'investment'] } },
  'none of three categories': { categories: { noneOf: ['gaming', 'podcast', 'education'] } },
  'a category that nobody has': { categories: { anyOf: ['no such'] } },
  'above 100 million': { subscriberCount: { gt: 1e8 } },
  'from 50,000 to 50,100': { subscriberCount: { gte: 50_000, lt: 50_100 } },
  'above any size': { subscriberCount: { gt: 1e15 } },
  'measured before all': { measuredAt: { lt: 0 } },
  'measured after 1970': { measuredAt: { gt: 0 } },
  'grew more than 1.2 % in a month': { growth: { ...month, percent: { gt: 1.2 } } },
  'the same from the other baseline': { growth: { ...month, baseline: 'AT_WINDOW_START', percent: { gt: 1.2 } } },
  'grew by more than a million': { growth: { ...month, absolute: { gt: 1e6 } } },
  'grew more than any': { growth: { ...month, percent: { gt: 1e9 } } },
  'growth of a week known': { growth: { ...month, window: 'WEEK' } },
  'something of everything': {
    categories: { anyOf: ['gaming'], noneOf: ['podcast'] },
    subscriberCount: { gt: 1e5 },
    measuredAt: { gt: 0 },
    growth: { ...month, baseline: 'AT_WINDOW_START', percent: { gt: 1 } },
  },
}

const found = []
for (const [name, filter] of Object.entries(FILTERS)) {
  await note(name, 'total', () => reader.countAccounts(filter))
  for (const order of ORDERS) {
    for (const fromEnd of [false, true]) await readPages(name, filter, order, fromEnd)
  }
}
await note('none', 'categories', () => reader.categories())
for (const kind of KINDS) {
  await note('none', `growth coverage ${kind.window} ${kind.baseline}`, () => reader.growthCoverage(kind))
}
reader.close()
console.log(JSON.stringify(found))

/** The first page and the last of some, if there are so many. */
async function readPages(name, filter, order, fromEnd) {
  const { field, growth, direction } = order
  const what = [field, growth?.window, growth?.baseline, direction, fromEnd && 'from the end'].filter(Boolean).join(' ')
  const read = at => reader.accounts(filter, order, { size: SIZE, fromEnd, [fromEnd ? 'before' : 'after']: at })
  let page = await note(name, what, () => read(undefined))
  for (let number = 2; number <= PAGES && page.items.length === SIZE; number++) {
    const at = positionOf(page.items.at(fromEnd ? 0 : -1), order)
    page = number < PAGES ? await read(at) : await note(name, `${what}, page ${PAGES}`, () => read(at))
  }
}

/** Once to prepare the statement and have the pages of the file at hand, then once for the time. */
async function note(filter, what, read) {
  await read()
  const startedAt = performance.now()
  const result = await read()
  found.push({ filter, what, time: performance.now() - startedAt })
  return result
}
