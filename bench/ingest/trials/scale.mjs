import { statSync } from 'node:fs'
import { programModule } from '../program.mjs'

/* A hundred million rows in ten loads, made while they are written: what they cost to make is in the times. */

const ACCOUNTS = 1_000_000
const LOADS = 10
const INSTANTS = 10
const BATCH_ROWS = 1 << 16
const FIRST = Date.UTC(2018, 0, 1)
const STEP_MS = 15 * 24 * 60 * 60 * 1000 + 37_000
/** Prime to the number of accounts: multiples of it are all of them, in another order. */
const STRIDE = 618_033

const [, , database] = process.argv
const { migrateDatabase } = await programModule('storage/sqlite/database.js')
const { SqliteLoader } = await programModule('storage/sqlite/load/loader.js')

migrateDatabase(database)
const loader = new SqliteLoader(database)
const loads = []
for (let number = 0; number < LOADS; number++) {
  loads.push(await load(number))
  process.stderr.write(`${number + 1} of ${LOADS}: ${loads.at(-1).seconds.toFixed(1)} s\n`)
}
await loader.close()
console.log(JSON.stringify({ loads, bytes: statSync(database).size }))

async function load(number) {
  const startedAt = performance.now()
  const { load } = await loader.begin(identity(number), Date.now())
  for (let instant = 0; instant < INSTANTS; instant++) {
    for (let start = 0; start < ACCOUNTS; start += BATCH_ROWS) {
      await load.write(batch(number * INSTANTS + instant, start, instant === 0))
    }
  }
  const rows = ACCOUNTS * INSTANTS
  const writtenAt = performance.now()
  const { status } = await load.commit({ rowsTotal: rows, rowsRead: rows })
  if (status !== 'SUCCEEDED') throw new Error(status)
  const endedAt = performance.now()
  return { rows, seconds: (endedAt - startedAt) / 1000, ending: (endedAt - writtenAt) / 1000 }
}

/** Of one instant, from its row `start`. The first of a load numbers its accounts, as the reader of a file does. */
function batch(instant, start, isFirst) {
  const length = Math.min(BATCH_ROWS, ACCOUNTS - start)
  const rows = {
    length,
    newAccountIds: [],
    newCategorySets: isFirst && start === 0 ? [['Gaming'], ['Podcast'], ['Education', 'Gaming']] : [],
    account: new Uint32Array(length),
    measuredAt: new Float64Array(length).fill(FIRST + instant * STEP_MS),
    subscriberCount: new Float64Array(length),
    categorySet: new Uint32Array(length),
  }
  for (let row = 0; row < length; row++) {
    const account = isFirst ? start + row : ((start + row + instant) * STRIDE) % ACCOUNTS
    if (isFirst) rows.newAccountIds.push(accountId(account))
    rows.account[row] = account
    rows.subscriberCount[row] = 500 + ((account * 7919) % 10_000_000) + instant * (account % 1000)
    rows.categorySet[row] = account % 3
  }
  return rows
}

/** Spread over the index, as ids are. */
function accountId(account) {
  const spread = (Math.imul(account, 2_654_435_761) >>> 0).toString(16).padStart(8, '0')
  return `${spread}-0000-4000-8000-${account.toString(16).padStart(12, '0')}`
}

function identity(number) {
  const id = crypto.randomUUID()
  const file = { fileName: `${number}.parquet`, sha256: id, fileSize: 0 }
  return { id, ...file, dryRun: false, queuedAt: Date.now(), programVersion: 'bench' }
}
