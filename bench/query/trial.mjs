import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { measure, told } from '../ingest/measure.mjs'
import { started } from '../ingest/server.mjs'

const WARM_UP_SECONDS = 3
const CONNECTIONS = 50
const TICKS_A_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/** One run of one contender: a fresh process, warmed up, then asked over many connections from another process. */
export async function runOnce(contender, database, { seconds }, place) {
  const server = await start(contender, database, place)
  try {
    const request = await requestOf(contender, server.origin)
    await askFor(request, WARM_UP_SECONDS)
    const before = cpuSeconds(server.pid)
    const { stdout } = await askFor(request, seconds)
    const found = told(stdout)
    const wanted = contender.isByTag ? '304' : '200'
    if (found.statuses[wanted] !== found.requests)
      throw new Error(`${contender.key}: ${JSON.stringify(found.statuses)}`)
    return { ...found, cpu: (cpuSeconds(server.pid) - before) / found.requests }
  } finally {
    await server.stop()
  }
}

function askFor(request, seconds) {
  const options = JSON.stringify({ ...request, connections: CONNECTIONS, seconds })
  return measure(process.execPath, [join(import.meta.dirname, 'load.mjs'), options])
}

/** What a contender says of the accounts. */
export async function answerOf(contender, database, place) {
  const server = await start(contender, database, place)
  try {
    const { url, ...ask } = { url: server.origin + contender.path, ...contender.ask }
    return contender.accounts(await (await fetch(url, ask)).json())
  } finally {
    await server.stop()
  }
}

async function requestOf({ path, ask, isByTag }, origin) {
  const url = origin + path
  if (!isByTag) return { url, ...ask }
  const etag = (await fetch(url, ask)).headers.get('etag')
  return { url, ...ask, headers: { ...ask.headers, 'if-none-match': etag } }
}

/** As they are run where it matters: graphql-js checks much more when it is not told so. */
function start({ args, env }, database, place) {
  return started(args(database, place), { cwd: place.dir, env: { NODE_ENV: 'production', ...place.env, ...env } })
}

function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND
}
