/** Run with a folder that holds two files: no process can be started for the first. Prints the results of both. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Supervised } from '../../hostile/support/supervised.ts'

const folder = process.argv[2]!
const node = process.execPath
process.execPath = join(folder, 'nothing')
const supervised = new Supervised(folder, {})
const first = await supervised.ingest('first.parquet')
const again = await supervised.ingest('first.parquet')
process.execPath = node
const second = await supervised.ingest('second.parquet')
await supervised.close()
// A remaining handle would keep this process alive.
await sleep(0)
console.log(JSON.stringify([first, again, second].map(({ error, ingestion }) => [error, ingestion?.status])))
