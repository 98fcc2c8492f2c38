import { realpath, stat } from 'node:fs/promises'
import { loadingConnection, programModule, truncateLog } from '../program.mjs'

/*
 * One drop into a database with or without a history, the loader's steps one transaction each, so that each has a time
 * and a length of log of its own. The loader does them all in one.
 */

const [, , database, parquet] = process.argv
const { hashFile } = await programModule('ingestion/input-file.js')
const { readRows } = await programModule('ingestion/read-rows.js')
const { Block, keyOrder } = await programModule('storage/sqlite/load/block.js')
const { SurrogateKeys } = await programModule('storage/sqlite/load/keys.js')
const { Upsert } = await programModule('storage/sqlite/load/upsert.js')
const { LedgerWriter } = await programModule('storage/sqlite/load/ledger.js')
const { periodOf } = await programModule('storage/sqlite/schema/tables.js')
const { prepareDerivation } = await programModule('storage/sqlite/derive/derive.js')
const { markStale, markStaleByTime, refreshDerived } = await programModule('storage/sqlite/derive/refresh.js')

const batches = await read(parquet)
const connection = await loadingConnection(database)
prepareDerivation(connection)
const ingestion = new LedgerWriter(connection).begin(identity(), Date.now())
truncateLog(connection)
const asOf = connection.prepare('SELECT as_of FROM dataset').pluck().get() ?? 0

const keys = new SurrogateKeys(connection, ingestion)
const accounts = await step(() => {
  for (const { newAccountIds, newCategorySets } of batches) {
    for (const accountId of newAccountIds) keys.addAccount(accountId)
    for (const names of newCategorySets) keys.addCategorySet(names)
  }
})
const measurements = await step(() => {
  const block = new Block()
  const upsert = new Upsert(connection, ingestion)
  for (const batch of batches) block.append(batch, 0, batch.length, keys.accounts.buffer, keys.categorySets.buffer)
  upsert.write(block, keyOrder(block))
  if (upsert.counts.inserted !== block.length) throw new Error('the rows were there already')
})
const growth = await step(() => {
  const addPeriod = connection.prepare('INSERT OR IGNORE INTO period (period) VALUES (?)')
  const instants = batches.flatMap(({ measuredAt, length }) => [...measuredAt.subarray(0, length)])
  for (const period of new Set(instants.map(periodOf))) addPeriod.run(period)
  const newest = instants.reduce((last, instant) => Math.max(last, instant), asOf)
  markStale(connection, keys.accounts.all)
  if (asOf > 0 && newest > asOf) markStaleByTime(connection, asOf, newest)
  refreshDerived(connection, newest)
})
connection.close()
console.log(JSON.stringify({ accounts, measurements, growth }))

/** @returns how long the work and its commit took, what they logged, and how long that took to move into the file */
async function step(work) {
  const startedAt = performance.now()
  connection.exec('BEGIN IMMEDIATE')
  work()
  connection.exec('COMMIT')
  const committedAt = performance.now()
  const { size: bytes } = await stat(`${database}-wal`)
  truncateLog(connection)
  const endedAt = performance.now()
  return { seconds: (committedAt - startedAt) / 1000, bytes, checkpoint: (endedAt - committedAt) / 1000 }
}

async function read(path) {
  const file = await hashFile(await realpath(path), path)
  const batches = []
  const request = { file, ingestedAt: Date.now(), limits: undefined, keepAllRejected: false }
  for await (const event of readRows(request)) if (event.type === 'rows') batches.push(event.batch)
  return batches
}

function identity() {
  const id = crypto.randomUUID()
  const file = { fileName: 'drop.parquet', sha256: id, fileSize: 0 }
  return { id, ...file, dryRun: false, queuedAt: Date.now(), programVersion: 'bench' }
}
