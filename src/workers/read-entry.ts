import { Worker } from 'node:worker_threads'
import { serializeError } from '../domain/errors.ts'
import { type ExportRequest, type ExportSummary, exportedGrowth } from '../domain/exporter.ts'
import { writeExport } from '../exports/write.ts'
import { packageFile } from '../package-file.ts'
import { SqliteReader } from '../storage/sqlite/read/reader.ts'
import type { ReadAnswers, ReadCommand, ReadEnd, ReaderSettings, ReadNews } from './read-messages.ts'

/*
 * A reader process: answers one command at a time over IPC until its parent closes the channel, or kills it because
 * the driver cannot interrupt a statement (docs/adr/0007).
 */

if (!process.send || !process.argv[2]) throw new Error('to be started by the pool of readers only')
const { databasePath } = JSON.parse(process.argv[2]) as ReaderSettings

new Worker(packageFile('dist/workers/parent-watch.js'), { workerData: process.ppid }).unref()

const reader = new SqliteReader(databasePath, { sortsInFiles: true })

process.on('message', (command: ReadCommand) => {
  tell({ type: 'started' })
  void obey(command).then(tell)
})
process.on('disconnect', () => process.exit(0))
// A terminal sends Ctrl-C, and systemd SIGTERM, to the whole group; when to stop is the parent's to say.
process.on('SIGINT', () => {}).on('SIGTERM', () => {})

async function obey(command: ReadCommand): Promise<ReadEnd> {
  try {
    return { type: 'answered', answer: await answer(command), residentBytes: process.memoryUsage.rss() }
  } catch (error) {
    return { type: 'failed', error: serializeError(error) }
  }
}

async function answer(command: ReadCommand): Promise<ReadAnswers[ReadCommand['type']]> {
  switch (command.type) {
    case 'accounts': {
      const page = await reader.accounts(command.filter, command.order, command.page)
      return { ...page, items: page.items.map(({ row }) => row) }
    }
    case 'countAccounts':
      return reader.countAccounts(command.filter)
    case 'categories':
      return reader.categories()
    case 'growthCoverage':
      return reader.growthCoverage(command.kind)
    case 'export':
      return exportList(command)
  }
}

function exportList(request: ExportRequest): ExportSummary {
  const { filter, order } = request
  const kind = exportedGrowth(filter, order)
  return reader.wholeList(filter, order, kind, (accounts, { asOf }) => {
    const written = writeExport(request, accounts, kind, rows => tell({ type: 'rows', rows }))
    return { ...written, asOf }
  })
}

function tell(message: ReadNews | ReadEnd): void {
  if (process.connected) process.send?.(message)
}
