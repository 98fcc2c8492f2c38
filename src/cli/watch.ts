import { basename } from 'node:path'
import { watch } from 'chokidar'
import { DROP_NAME } from './paths.ts'

/** A file counts as complete when it has not grown for this long. */
const SETTLED_MS = 2_000

/**
 * The drops in a directory: those that are there, then each that arrives or changes, when it is complete, until
 * `signal` is aborted. Names that begin with a dot are left alone, so that a writer can hide its work until it renames.
 */
export async function* arrivals(directory: string, signal: AbortSignal): AsyncGenerator<string> {
  const waiting: string[] = []
  let wake = () => {}
  const watcher = watch(directory, {
    awaitWriteFinish: { stabilityThreshold: SETTLED_MS, pollInterval: 200 },
    ignored: (path, stats) => stats?.isFile() === true && !DROP_NAME.test(basename(path)),
  })
  const arrived = (path: string) => {
    if (!waiting.includes(path)) waiting.push(path)
    wake()
  }
  watcher.on('add', arrived).on('change', arrived)
  signal.addEventListener('abort', () => wake(), { once: true })
  try {
    while (!signal.aborted) {
      const next = waiting.shift()
      if (next !== undefined) yield next
      else await new Promise<void>(resolve => (wake = resolve))
    }
  } finally {
    await watcher.close()
  }
}
