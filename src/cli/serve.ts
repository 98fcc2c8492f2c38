import { stat } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import { EXAMPLES } from '../graphql/examples.ts'
import type { IncomingOptions } from '../http/incoming.ts'
import { logIngestion } from '../http/log/ingestion-log.ts'
import { LineSink } from '../http/log/line-sink.ts'
import { createLogger } from '../http/log/logger.ts'
import { Metrics } from '../http/metrics/metrics.ts'
import { ResponseCache } from '../http/responses/response-cache.ts'
import { type ServerAccess, type ServerOptions, startServer } from '../http/server.ts'
import { rejectForeignFile } from '../storage/sqlite/database.ts'
import { locateInside } from '../workers/ingestion/locate-file.ts'
import { OffloadingReader } from '../workers/reading/offloading-reader.ts'
import type { ReaderPool } from '../workers/reading/reader-pool.ts'
import { DownloadSnapshots } from '../workers/snapshot/snapshots.ts'
import { accessLines, accessOf } from './access.ts'
import { type OpenDatabase, type OpenOptions, openDatabase } from './database.ts'
import { makeFolderOf } from './database-folder.ts'
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
    await makeFolderOf(config.databasePath)
    rejectForeignFile(config.databasePath)
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

interface Parts {
  readonly logger: Logger
  readonly metrics: Metrics
  readonly database: OpenDatabase
  readonly exports: ReaderPool
}

async function serveDatabase(config: Config, access: ServerAccess, { demo, stop }: Run): Promise<void> {
  const logger = createLogger(config.logLevel, new LineSink(process.stderr.fd))
  const metrics = new Metrics()
  const onError = (what: string) => logger.error(what)
  const [queries, exports] = [queryReaders(config, onError), exportReaders(config, onError)]
  const openReader = (path: string) => new OffloadingReader(path, queries)
  const database = await openDatabase(config, { ...openOptions(logger, metrics, stop), openReader })
  queries.warm()
  try {
    if (demo) await ingestDemoData(config, database, stop)
    if (stop.asked.aborted) return
    const server = await startServer(await serverOptions(config, access, { logger, metrics, database, exports }))
    try {
      await greet(server.url, config, access, database)
      await aborted(stop.asked)
      process.stdout.write('Stopping.\n')
      const grace = { seconds: config.shutdownGraceSeconds, urgent: stop.urgent }
      await finish(database.supervisor, grace, server.drain())
    } finally {
      await server.close()
    }
  } finally {
    await Promise.all([queries.close(), exports.close()])
    await database.close()
  }
}

function openOptions(logger: Logger, metrics: Metrics, stop: StopSignals): OpenOptions {
  return {
    locate: locateInside,
    onWaiting: () => process.stdout.write('Another program is writing to the database: waiting for it.\n'),
    onError: stack => logger.error(stack),
    onUpgraded: words => process.stdout.write(words),
    onEnded: outcome => {
      metrics.ingestions.ended(outcome)
      logIngestion(logger, outcome)
    },
    signal: stop.asked,
  }
}

async function serverOptions(config: Config, access: ServerAccess, parts: Parts): Promise<ServerOptions> {
  const { databasePath, host, port, limits } = config
  const { logger, metrics, database, exports } = parts
  const { reader, supervisor } = database
  const dataVersion = () => reader.dataVersion()
  const responses = new ResponseCache({ maxBytes: config.responseCacheBytes, dataVersion })
  metrics.follow({ databasePath, reader, load: () => supervisor.load, responses })
  return {
    host,
    port,
    limits,
    access,
    services: { reader, ingestor: supervisor, now: Date.now },
    incoming: incomingOf(config),
    outgoing: { databasePath, ...config.exports },
    exporter: exports,
    snapshots: await DownloadSnapshots.of(databasePath),
    dataVersion,
    health: config,
    responses,
    metrics,
    log: config,
    logger,
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
