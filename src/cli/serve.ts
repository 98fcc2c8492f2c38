import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pino } from 'pino'
import type { Config } from '../config.ts'
import { EXAMPLES } from '../graphql/examples.ts'
import { locateInside } from '../process/locate.ts'
import type { IncomingOptions } from '../server/incoming.ts'
import { startServer } from '../server/server.ts'
import { type OpenDatabase, openDatabase } from './database.ts'
import { ingestDemoData } from './demo.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { opening } from './opening.ts'
import { lockServer } from './server-lock.ts'
import { datasetLine } from './summary.ts'

/** Serves until it is told to stop, and leaves one whole database file behind. */
export async function serve(config: Config, { demo }: { demo: boolean }): Promise<ExitCode> {
  const stopped = stopSignal()
  const logger = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }))
  await opening(config.databasePath, () => mkdir(dirname(config.databasePath), { recursive: true }))
  const lock = await lockServer(config.databasePath)
  try {
    const database = await openDatabase(config, {
      locate: locateInside,
      onWaiting: () => process.stdout.write('Another program is writing to the database: waiting for it.\n'),
      onFault: stack => logger.error(stack),
    })
    try {
      if (demo) await ingestDemoData(config, database)
      const context = { reader: database.reader, ingestor: database.supervisor, now: Date.now }
      const incoming = incomingOf(config)
      const server = await startServer({ host: config.host, port: config.port, context, incoming, logger })
      await greet(server.url, database)
      await stopped
      process.stdout.write('Stopping.\n')
      await server.close()
    } finally {
      await database.close()
    }
  } finally {
    lock.release()
  }
  return EXIT.ok
}

function incomingOf({ dataDirectory, databasePath, ingestion }: Config): IncomingOptions {
  const { maxFileBytes, maxQueued } = ingestion
  return { dataDirectory, databasePath, maxFileBytes, maxFiles: maxQueued }
}

function stopSignal(): Promise<unknown> {
  return Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
}

async function greet(url: string, { reader }: OpenDatabase): Promise<void> {
  const queries = Object.values(EXAMPLES).join('\n')
  process.stdout.write(`
${await datasetLine(reader)}

Listening on ${new URL(url).origin}
Open ${url} in a browser for Apollo Sandbox, or send it any of these:

${queries}
`)
}
