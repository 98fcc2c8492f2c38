import { spawn } from 'node:child_process'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { post, readPages } from './client.mjs'
import { filesOf, LARGE, SMALL } from './data.mjs'
import { ratio, table, targets, whole } from './format.mjs'
import { keptDatabase } from './kept.mjs'
import { medians } from './statistics.mjs'
import { removeDatabase } from './trial.mjs'

const IDLE_MS = 10_000
const WARM_UP_MS = 3_000

/** How long pages take from the real server, before and while it takes the large drop. */
export async function latency({ data, dir, longRuns: runs }, place) {
  await filesOf(data, LARGE)
  const small = await keptDatabase(SMALL, data, dir, place)
  const found = { idle: [], busy: [] }
  for (let round = 0; round < runs; round++) {
    removeDatabase(place.database)
    copyFileSync(small, place.database)
    const server = await startServer(place, data)
    try {
      await readPages(server.url, sleep(WARM_UP_MS))
      found.idle.push(await readPages(server.url, sleep(IDLE_MS)))
      found.busy.push(await readPages(server.url, ingest(server.url)))
    } finally {
      await server.stop()
    }
  }
  removeDatabase(place.database)
  return report(medians(found.idle), medians(found.busy), runs)
}

async function ingest(url) {
  const query = `mutation { ingestAccounts(input: { file: "${LARGE.name}.parquet" }) {
    ingestion { status } userErrors { code message } } }`
  const { data, errors } = await post(url, undefined, { query })
  if (data?.ingestAccounts?.ingestion?.status !== 'SUCCEEDED') throw new Error(JSON.stringify({ data, errors }))
}

/** The program's own server on a free port, over the database of the trial. */
export async function startServer({ program, database }, dataDirectory) {
  const args = ['serve', '--port', '0', '--database-url', `file:${database}`, '--data-dir', dataDirectory]
  const child = spawn(process.execPath, [join(program, 'dist/main.js'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise(resolve => child.on('exit', resolve))
  const origin = await new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', part => {
      text += part
      const found = /Listening on (\S+)/.exec(text)
      if (found) resolve(found[1])
    })
    void ended.then(() => reject(new Error(`the server ended: ${text}`)))
  })
  const stop = () => {
    child.kill('SIGTERM')
    return ended
  }
  return { url: `${origin}/graphql`, stop }
}

function report(idle, busy, runs) {
  const row = (what, { pages, median, p99, worst }) => [what, whole(pages), ms(median), ms(p99), ms(worst)]
  const times = busy.p99 / idle.p99
  return [
    `Medians of ${runs} runs. Four connections, each reading a page of 20 accounts every 20 ms, by size and by growth in turn.`,
    table(
      ['the server', 'pages', 'median', 'p99', 'slowest'],
      [row('idle', idle), row('taking 10 million rows', busy)],
    ),
    targets([['p99 of a page while 10 million rows come in', 'at most 5 × idle', `${ratio(times)} ×`, times <= 5]]),
  ].join('\n\n')
}

function ms(value) {
  return `${value.toFixed(1)} ms`
}
