import { copyFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { post, readPages } from './client.mjs'
import { filesOf, LARGE, SMALL } from './data.mjs'
import { ratio, table, targets, whole } from './format.mjs'
import { keptDatabase } from './kept.mjs'
import { startServer } from './server.mjs'
import { medians } from './statistics.mjs'
import { removeDatabase } from './trial.mjs'

const IDLE_MS = 10_000
const WARM_UP_MS = 3_000

/** Too little for the large drop: its process is ended half way, and another one started. */
const SMALL_MEMORY_MB = 200

/** How long pages take from the real server: idle, while it takes the large drop, and while that breaks its process. */
export async function latency({ data, dir, longRuns: runs }, place) {
  await filesOf(data, LARGE)
  const small = await keptDatabase(SMALL, data, dir, place)
  const found = { idle: [], busy: [], breached: [] }
  for (let round = 0; round < runs; round++) {
    removeDatabase(place.database)
    copyFileSync(small, place.database)
    const tight = await startServer(place, data, { INGEST_MAX_MEMORY_MB: `${SMALL_MEMORY_MB}` })
    found.breached.push(...(await measured(tight, [breached])))
    // Last comes what takes the drop: from then on it is known.
    const [idlePages, busyPages] = await measured(await startServer(place, data), [idle, busy])
    found.idle.push(idlePages)
    found.busy.push(busyPages)
  }
  removeDatabase(place.database)
  return report(medians(found.idle), medians(found.busy), medians(found.breached), runs)
}

async function measured(server, ways) {
  try {
    await readPages(server.url, sleep(WARM_UP_MS))
    const found = []
    for (const way of ways) found.push(await way(server.url))
    return found
  } finally {
    await server.stop()
  }
}

function idle(url) {
  return readPages(url, sleep(IDLE_MS))
}

function busy(url) {
  return readPages(url, ingest(url, 'SUCCEEDED'))
}

/** Sends the drop again and again. */
function breached(url) {
  const again = async () => {
    for (const end = Date.now() + IDLE_MS; Date.now() < end; ) await ingest(url, 'FAILED')
  }
  return readPages(url, again())
}

async function ingest(url, wanted) {
  const query = `mutation { ingestAccounts(input: { file: "${LARGE.name}.parquet" }) {
    ingestion { status } userErrors { code message } } }`
  const { data, errors } = await post(url, undefined, { query })
  if (data?.ingestAccounts?.ingestion?.status !== wanted) throw new Error(JSON.stringify({ data, errors }))
}

function report(idle, busy, breached, runs) {
  const row = (what, { pages, median, p99, worst }) => [what, whole(pages), ms(median), ms(p99), ms(worst)]
  return [
    `Medians of ${runs} runs. Four connections, each reading a page of 20 accounts every 20 ms, by size and by growth in turn.`,
    table(
      ['the server', 'pages', 'median', 'p99', 'slowest'],
      [
        row('idle', idle),
        row('taking 10 million rows', busy),
        row(`ending and replacing a process that takes more than ${SMALL_MEMORY_MB} MB`, breached),
      ],
    ),
    targets([
      p99Target('p99 of a page while 10 million rows come in', busy.p99 / idle.p99),
      p99Target('p99 of a page while processes are ended and replaced', breached.p99 / idle.p99),
    ]),
  ].join('\n\n')
}

function p99Target(what, times) {
  return [what, 'at most 5 × idle', `${ratio(times)} ×`, times <= 5]
}

function ms(value) {
  return `${value.toFixed(1)} ms`
}
