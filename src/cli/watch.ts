import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { watch } from 'chokidar'
import { AppError } from '../domain/errors.ts'
import { printable } from './format.ts'
import { DROP_NAME } from './paths.ts'
import { WatchedFolder } from './watched-folder.ts'

/** A file counts as complete when it has not grown for this long. */
const SETTLED_MS = 2_000

/** @throws AppError BAD_USER_INPUT when it is no directory that can be watched */
export async function requireDirectory(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => undefined)
  if (found?.isDirectory()) return
  throw new AppError(
    'BAD_USER_INPUT',
    `${printable(directory)} is no directory that can be watched: make it first, or name another.`,
  )
}

/**
 * The drops in a directory: those that are there, then each that arrives or changes, when it is complete, until
 * `signal` is aborted. Names that begin with a dot are left alone, so that a writer can hide its work until it renames.
 *
 * @throws what the system says when it cannot watch any more, and when the directory is removed or moved
 */
export async function* arrivals(directory: string, signal: AbortSignal): AsyncGenerator<string> {
  const waiting: string[] = []
  const failures: unknown[] = []
  let wake = () => {}
  const failed = (error: unknown) => {
    failures.push(error)
    wake()
  }
  const folder = await WatchedFolder.open(directory, failed)
  const watcher = watch(directory, {
    awaitWriteFinish: { stabilityThreshold: SETTLED_MS, pollInterval: 200 },
    ignored: (path, stats) => stats?.isFile() === true && !DROP_NAME.test(basename(path)),
  })
  const arrived = (path: string) => {
    if (!waiting.includes(path)) waiting.push(path)
    wake()
  }
  watcher.on('add', arrived).on('change', arrived).on('error', failed)
  signal.addEventListener('abort', () => wake(), { once: true })
  try {
    while (!signal.aborted) {
      if (failures.length > 0) throw failures[0]
      const next = waiting.shift()
      if (next !== undefined) yield next
      else await new Promise<void>(resolve => (wake = resolve))
    }
  } finally {
    await Promise.all([watcher.close(), folder.close()])
  }
}
