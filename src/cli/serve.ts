import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pino } from 'pino'
import type { Config } from '../config.ts'
import { EXAMPLES } from '../graphql/examples.ts'
import { ListExporter } from '../process/list-exporter.ts'
import { locateInside } from '../process/locate.ts'
import { OffloadingReader } from '../process/offloading-reader.ts'
import { DownloadSnapshots } from '../process/snapshots.ts'
import type { IncomingOptions } from '../server/incoming.ts'
import { logIngestion } from '../server/log/ingestion-log.ts'
import { createLogger } from '../server/log/logger.ts'
import { Metrics } from '../server/metrics/metrics.ts'
import { ResponseCache } from '../server/responses/response-cache.ts'
import { type ServerAccess, startServer } from '../server/server.ts'
import { requireOurs } from '../storage/sqlite/identify.ts'
import { accessLines, accessOf } from './access.ts'
import { type OpenDatabase, openDatabase } from './database.ts'
import { ingestDemoData } from './demo.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { finish } from './finishing.ts'
import { opening } from './opening.ts'
import { exportReaders, queryReaders } from './readers.ts'
import { lockServer } from './server-lock.ts'
import { aborted, StopSignals } from './stop-signals.ts'
import { datasetLine } from './summary.ts'

/** Serves until it is told to stop, and leaves one whole database file behind. */
export async function serve(config: Config, { demo }: { demo: boolean }): Promise<ExitCode> {
  const access = await accessOf(config)
  const stop = new StopSignals()
  await opening(config.databasePath, async () => {
    await mkdir(dirname(config.databasePath), { recursive: true })
    requireOurs(config.databasePath)
  })
  const lock = await lockServer(config.databasePath)
  try {
    await serveDatabase(config, access, { demo, stop })
  } catch (error) {
    // Who stops it while it waits for another program wants no explanation.
    if (!(stop.asked.aborted && isAbort(error))) throw error
  } finally {
    lock.release()
    stop.dispose()
  }
  return EXIT.ok
}

interface Run {
  readonly demo: boolean
  readonly stop: StopSignals
}

async function serveDatabase(config: Config, access: ServerAccess, { demo, stop }: Run): Promise<void> {
  const logger = createLogger(config.logLevel, pino.destination({ dest: 2, sync: true }))
  const metrics = new Metrics()
  const database = await openDatabase(config, {
    locate: locateInside,
    onWaiting: () => process.stdout.write('Another program is writing to the database: waiting for it.\n'),
    onFault: stack => logger.error(stack),
    onUpgraded: words => process.stdout.write(words),
    onEnded: outcome => {
      metrics.ingestions.ended(outcome)
      logIngestion(logger, outcome)
    },
    signal: stop.asked,
  })
  const onFault = (what: string) => logger.error(what)
  const queries = queryReaders(config, onFault).warm()
  const exports = exportReaders(config, onFault)
  const { supervisor } = database
  const reader = new OffloadingReader(database.reader, queries)
  const responses = new ResponseCache({
    maxBytes: config.responseCacheBytes,
    dataVersion: () => database.reader.dataVersion(),
  })
  metrics.follow({ databasePath: config.databasePath, reader, load: () => supervisor.load, responses })
  try {
    if (demo) await ingestDemoData(config, database, stop)
    if (stop.asked.aborted) return
    const services = { reader, ingestor: supervisor, now: Date.now }
    const { host, port, limits } = config
    const [incoming, outgoing] = [incomingOf(config), { databasePath: config.databasePath, ...config.exports }]
    const exporter = new ListExporter(exports)
    const snapshots = await DownloadSnapshots.of(config.databasePath)
    const ways = {
      services,
      limits,
      access,
      incoming,
      outgoing,
      exporter,
      dataVersion: () => database.reader.dataVersion(),
      snapshots,
      health: config,
      responses,
      metrics,
      log: config,
      logger,
    }
    const server = await startServer({ host, port, ...ways })
    try {
      await greet(server.url, config, access, database)
      await aborted(stop.asked)
      process.stdout.write('Stopping.\n')
      await finish(supervisor, { seconds: config.shutdownGraceSeconds, urgent: stop.urgent }, server.drain())
    } finally {
      await server.close()
    }
  } finally {
    await Promise.all([queries.close(), exports.close()])
    await database.close()
  }
}

function isAbort(error: unknown): boolean {
  const { name, cause } = error as Error
  return name === 'AbortError' || (cause !== undefined && isAbort(cause))
}

function incomingOf({ dataDirectory, databasePath, ingestion }: Config): IncomingOptions {
  const { maxFileBytes, maxQueued } = ingestion
  return { dataDirectory, databasePath, maxFileBytes, maxFiles: maxQueued }
}

async function greet(url: string, config: Config, access: ServerAccess, { reader }: OpenDatabase): Promise<void> {
  const { dataDirectory } = config
  const found = await stat(dataDirectory).catch(() => undefined)
  const missing = found?.isDirectory()
    ? ''
    : `\nThere is no data directory ${dataDirectory}: make it, or set DATA_DIR, for ingestAccounts to find files.\n`
  const queries = Object.values(EXAMPLES).join('\n')
  const here = reachable(new URL(url))
  process.stdout.write(`
${await datasetLine(reader)}
${missing}
Listening on ${new URL(url).origin}
${accessLines(config, access)}
Open ${here}/charts in a browser for charts, ${here}/graphql for Apollo Sandbox, or send it any of these:

${queries}
`)
}

/** All addresses together are none that a browser can open. */
function reachable({ hostname, port, origin }: URL): string {
  if (hostname === '0.0.0.0') return `http://127.0.0.1:${port}`
  return hostname === '[::]' ? `http://[::1]:${port}` : origin
}
