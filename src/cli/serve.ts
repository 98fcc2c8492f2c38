import { stat } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import { ResponseCache } from '../http/cache/response-cache.ts'
import { LogStream } from '../http/observability/log-stream.ts'
import { createLogger } from '../http/observability/logger.ts'
import { Metrics } from '../http/observability/metrics.ts'
import { logIngestion } from '../http/observability/request-log.ts'
import { type ServerAccess, type ServerOptions, startServer } from '../http/server.ts'
import type { UploadStoreOptions } from '../http/uploads/upload-store.ts'
import { PROGRAM_VERSION } from '../package-file.ts'
import { rejectForeignFile } from '../storage/sqlite/database.ts'
import { locateInside } from '../workers/ingestion/locate-file.ts'
import { OffloadingReader } from '../workers/reading/offloading-reader.ts'
import type { ReaderPool } from '../workers/reading/reader-pool.ts'
import { DownloadSnapshots } from '../workers/snapshot/snapshots.ts'
import { accessLines, readAccess } from './access.ts'
import {
  createDatabaseFolder,
  exportReaders,
  lockForServer,
  type OpenDatabase,
  type OpenOptions,
  openDatabase,
  queryReaders,
  withDatabaseName,
} from './database.ts'
import { ingestDemoData } from './demo.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { printable } from './format.ts'
import { datasetLine } from './report.ts'
import { aborted, drain, ShutdownSignals } from './shutdown.ts'

/** Runs the server until SIGINT or SIGTERM. Closing leaves the database as one complete file. */
export async function serve(config: Config, { demo }: { demo: boolean }): Promise<ExitCode> {
  const access = await readAccess(config)
  const signals = new ShutdownSignals()
  await withDatabaseName(config.databasePath, async () => {
    await createDatabaseFolder(config.databasePath)
    rejectForeignFile(config.databasePath)
  })
  const lock = await lockForServer(config.databasePath)
  try {
    await serveDatabase(config, access, { demo, signals })
  } catch (error) {
    // A shutdown while the server waits for the write lock is not an error.
    if (!(signals.requested.aborted && isAbort(error))) throw error
  } finally {
    lock.release()
    signals.dispose()
  }
  return EXIT.ok
}

interface ServeOptions {
  readonly demo: boolean
  readonly signals: ShutdownSignals
}

interface ServerParts {
  readonly logger: Logger
  readonly metrics: Metrics
  readonly database: OpenDatabase
  readonly exports: ReaderPool
}

async function serveDatabase(config: Config, access: ServerAccess, { demo, signals }: ServeOptions): Promise<void> {
  const logger = createLogger(config.logLevel, new LogStream(process.stderr.fd))
  const metrics = new Metrics()
  const onError = (message: string) => logger.error(message)
  const [queries, exports] = [queryReaders(config, onError), exportReaders(config, onError)]
  const openReader = (path: string) => new OffloadingReader(path, queries)
  const database = await openDatabase(config, { ...openOptions(logger, metrics, signals), openReader })
  queries.warm()
  try {
    if (demo) await ingestDemoData(config, database, signals)
    if (signals.requested.aborted) return
    const server = await startServer(await serverOptions(config, access, { logger, metrics, database, exports }))
    try {
      await printStartup(server.url, config, access, database)
      await aborted(signals.requested)
      process.stdout.write('Stopping.\n')
      const grace = { seconds: config.shutdownGraceSeconds, forced: signals.forced }
      await drain(database.supervisor, grace, server.drain())
    } finally {
      await server.close()
    }
  } finally {
    await Promise.all([queries.close(), exports.close()])
    await database.close()
  }
}

function openOptions(logger: Logger, metrics: Metrics, signals: ShutdownSignals): OpenOptions {
  return {
    locate: locateInside,
    onWaiting: () => process.stdout.write('Waiting for another program that writes to the database.\n'),
    onError: stack => logger.error(stack),
    onUpgraded: message => process.stdout.write(message),
    onEnded: outcome => {
      metrics.ingestions.onEnd(outcome)
      logIngestion(logger, outcome)
    },
    signal: signals.requested,
  }
}

async function serverOptions(config: Config, access: ServerAccess, parts: ServerParts): Promise<ServerOptions> {
  const { databasePath, host, port, limits } = config
  const { logger, metrics, database, exports } = parts
  const { reader, supervisor } = database
  const dataVersion = () => reader.dataVersion()
  const cache = new ResponseCache({ maxBytes: config.responseCacheBytes, dataVersion })
  metrics.observe({ databasePath, reader, queueStatus: () => supervisor.load, cache })
  return {
    host,
    port,
    limits,
    access,
    services: { reader, ingestor: supervisor, now: Date.now },
    uploads: uploadStoreOptions(config),
    exports: { databasePath, ...config.exports },
    exporter: exports,
    snapshots: await DownloadSnapshots.of(databasePath),
    dataVersion,
    health: config,
    cache,
    metrics,
    log: config,
    logger,
  }
}

function isAbort(error: unknown): boolean {
  const { name, cause } = error as Error
  return name === 'AbortError' || (cause !== undefined && isAbort(cause))
}

function uploadStoreOptions({ dataDirectory, databasePath, ingestion }: Config): UploadStoreOptions {
  const { maxFileBytes, maxQueued } = ingestion
  return { dataDirectory, databasePath, maxFileBytes, maxFiles: maxQueued }
}

async function printStartup(
  url: string,
  config: Config,
  access: ServerAccess,
  { reader }: OpenDatabase,
): Promise<void> {
  const { origin } = new URL(url)
  const address = browsableOrigin(new URL(url))
  const lines = [
    `account-growth ${PROGRAM_VERSION}, database ${printable(config.databasePath)}`,
    await datasetLine(reader),
    ...(await missingDirectory(config.dataDirectory)),
    `Listening on ${origin}`,
    `Charts: ${address}/charts`,
    `GraphQL: ${address}/graphql (in a browser: Apollo Sandbox with example queries)`,
    ...accessLines(config, access),
    'Press Ctrl-C to stop.',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

async function missingDirectory(directory: string): Promise<string[]> {
  const found = await stat(directory).catch(() => undefined)
  if (found?.isDirectory()) return []
  return [
    `The data directory ${printable(directory)} does not exist: create it, or set DATA_DIR, so that ingestAccounts finds files.`,
  ]
}

/** A browser cannot open the address that stands for all addresses. */
function browsableOrigin({ hostname, port, origin }: URL): string {
  if (hostname === '0.0.0.0') return `http://127.0.0.1:${port}`
  return hostname === '[::]' ? `http://[::1]:${port}` : origin
}
