// What a server takes: node bench/sizing.mjs FILE.parquet... (the bundled files by default), after npm run build.
// Each file is sent to one server with an empty database; Linux only, for /proc. The table of docs/operations.md.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { Database } from '../dist/storage/sqlite/connection/driver.js'

const at = path => fileURLToPath(new URL(path, import.meta.url))
const bundled = ['sample_accounts', 'add_accounts'].map(name => at(`../data/${name}.parquet`))
const files = process.argv.length > 2 ? process.argv.slice(2).map(path => resolve(path)) : bundled

const cwd = await mkdtemp(join(tmpdir(), 'sizing-'))
const path = join(cwd, 'accounts.db')
const env = { ...process.env, DATABASE_URL: `file:${path}`, DATA_DIR: cwd, PORT: '0' }
const server = spawn(process.execPath, [at('../dist/main.js'), 'serve'], {
  cwd,
  env,
  stdio: ['ignore', 'pipe', 'inherit'],
})
try {
  const origin = await listening()
  console.log(`server, idle: ${megabytes(memoryOf(server.pid, 'VmRSS'))} MB`)
  for (const file of files) console.table([await ingested(origin, file)])
  console.log(`server, at most: ${megabytes(memoryOf(server.pid, 'VmHWM'))} MB`)
  console.table([bytesEach()])
} finally {
  server.kill()
  await once(server, 'exit')
  rmSync(cwd, { recursive: true })
}

async function listening() {
  let said = ''
  for await (const chunk of server.stdout) {
    said += chunk
    const origin = /^Listening on (\S+)$/m.exec(said)?.[1]
    if (origin) return origin
  }
  throw new Error(said)
}

async function ingested(origin, file) {
  const [child] = childrenOf(server.pid)
  let wal = 0
  const watching = setInterval(() => (wal = Math.max(wal, sizeOf(`${path}-wal`))), 20)
  const before = sizeOf(path)
  const init = { method: 'POST', body: Readable.toWeb(createReadStream(file)), duplex: 'half' }
  const answer = await fetch(`${origin}/ingest?name=${basename(file)}`, init)
  const { ingestion } = await answer.json()
  clearInterval(watching)
  const seconds = (Date.parse(ingestion.finishedAt) - Date.parse(ingestion.startedAt)) / 1000
  return {
    file: basename(file),
    'file MB': megabytes(sizeOf(file)),
    rows: ingestion.rowsRead,
    seconds,
    'rows/s': Math.round(ingestion.rowsRead / seconds),
    'memory MB': megabytes(memoryOf(child, 'VmHWM')),
    'log MB': megabytes(wal),
    'grew by MB': megabytes(sizeOf(path) - before),
  }
}

/** The whole of the database, shared out over what is in it: history over measurements, the rest over accounts. */
function bytesEach() {
  const database = new Database(path, { readonly: true })
  const count = table => database.prepare(`SELECT count(*) FROM ${table}`).pluck().get()
  const of = database.prepare('SELECT sum(pgsize) FROM dbstat WHERE name = ?').pluck()
  const history = of.get('measurement')
  const found = {
    'database MB': megabytes(sizeOf(path)),
    measurements: count('measurement'),
    'bytes a measurement': (history / count('measurement')).toFixed(1),
    accounts: count('account'),
    'bytes an account': Math.round((sizeOf(path) - history) / count('account')),
  }
  database.close()
  return found
}

function childrenOf(pid) {
  return readdirSync('/proc').filter(name => {
    const isPid = /^\d+$/.test(name)
    return isPid && new RegExp(`^PPid:\\s+${pid}$`, 'm').test(statusOf(name))
  })
}

function memoryOf(pid, what) {
  return Number(new RegExp(`^${what}:\\s+(\\d+) kB`, 'm').exec(statusOf(pid))?.[1] ?? 0) * 1024
}

function statusOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return ''
  }
}

function sizeOf(file) {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

function megabytes(bytes) {
  return Number((bytes / 2 ** 20).toFixed(1))
}
