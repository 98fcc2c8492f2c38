import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { loadingConnection, truncateLog } from '../program.mjs'

/*
 * The ceiling: a bare loop of prepared 100-row upserts of decoded, sorted rows into the program's own table, over a
 * connection with the loader's settings. What it prints leaves out the reading of the rows: loop, commit, checkpoint.
 */

const CHUNK = 100
const PERIOD_MS = 30 * 24 * 60 * 60 * 1000
const BYTES_A_ROW = 24

const [, , database, sorted] = process.argv
const { account, measuredAt, subscriberCount, categorySet } = readSorted(sorted)
const connection = await loadingConnection(database)

const startedAt = performance.now()
connection.exec('BEGIN IMMEDIATE')
const tuples = new Array(CHUNK).fill('(?, ?, ?, ?, ?, ?)').join(', ')
const insert = connection.prepare(`INSERT INTO measurement
  (period, account, measured_at, subscriber_count, category_set, ingestion) VALUES ${tuples} ON CONFLICT DO NOTHING`)
const values = new Array(CHUNK * 6)
for (let start = 0; start < account.length; start += CHUNK) {
  for (let row = start, at = 0; row < start + CHUNK; row++) {
    values[at++] = Math.floor(measuredAt[row] / PERIOD_MS)
    values[at++] = account[row]
    values[at++] = measuredAt[row]
    values[at++] = subscriberCount[row]
    values[at++] = categorySet[row]
    values[at++] = 1
  }
  insert.run(values)
}
connection.exec('COMMIT')
const committedAt = performance.now()
truncateLog(connection)
const endedAt = performance.now()
connection.close()
console.log(JSON.stringify({ inside: (endedAt - startedAt) / 1000, checkpoint: (endedAt - committedAt) / 1000 }))

/** The file has one column after the other. */
function readSorted(path) {
  const file = openSync(path)
  const rows = fstatSync(file).size / BYTES_A_ROW
  if (rows % CHUNK !== 0) throw new Error(`${path}: not a multiple of ${CHUNK} rows`)
  const columns = [new Uint32Array(rows), new Float64Array(rows), new Float64Array(rows), new Uint32Array(rows)]
  for (const column of columns) readSync(file, new Uint8Array(column.buffer))
  closeSync(file)
  const [account, measuredAt, subscriberCount, categorySet] = columns
  return { account, measuredAt, subscriberCount, categorySet }
}
