import { type FileHandle, open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { watch } from 'chokidar'
import { AppError } from '../domain/errors.ts'
import { printable } from './format.ts'
import { INPUT_FILE_NAME } from './input-paths.ts'

/** A file is complete when it has not grown for this long. */
const STABLE_MS = 2_000
const DIRECTORY_CHECK_MS = 1_000

/** @throws AppError BAD_USER_INPUT when the directory does not exist */
export async function requireDirectory(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => undefined)
  if (found?.isDirectory()) return
  const message = `${printable(directory)} is not a directory. Create it, or name another directory to watch.`
  throw new AppError('BAD_USER_INPUT', message)
}

/**
 * Yields the Parquet files that are in a directory, then each file that arrives or changes, when it is complete, until
 * `signal` is aborted. Skips names that start with a dot, so that a writer can rename a file when it is done.
 *
 * @throws Error when the directory can no longer be watched, was removed or was moved
 */
export async function* watchDirectory(directory: string, signal: AbortSignal): AsyncGenerator<string> {
  const waiting: string[] = []
  const errors: unknown[] = []
  let wake = () => {}
  const onError = (error: unknown) => {
    errors.push(error)
    wake()
  }
  const onFile = (path: string) => {
    if (!waiting.includes(path)) waiting.push(path)
    wake()
  }
  const check = await DirectoryCheck.start(directory, onError)
  const watcher = watch(directory, {
    awaitWriteFinish: { stabilityThreshold: STABLE_MS, pollInterval: 200 },
    ignored: (path, stats) => stats?.isFile() === true && !INPUT_FILE_NAME.test(basename(path)),
  })
  watcher.on('add', onFile).on('change', onFile).on('error', onError)
  signal.addEventListener('abort', () => wake(), { once: true })
  try {
    while (!signal.aborted) {
      if (errors.length > 0) throw errors[0]
      const next = waiting.shift()
      if (next !== undefined) yield next
      else await new Promise<void>(resolve => (wake = resolve))
    }
  } finally {
    await Promise.all([watcher.close(), check.stop()])
  }
}

/** Notices when a directory is removed or replaced. chokidar does not, and then reports no files any more. */
class DirectoryCheck {
  readonly #path: string
  /** Held open, so that no other directory gets its inode. */
  readonly #handle: FileHandle
  readonly #timer: NodeJS.Timeout

  /** @throws Error that names the directory when it cannot be opened */
  static async start(path: string, onGone: (error: Error) => void): Promise<DirectoryCheck> {
    try {
      return new DirectoryCheck(path, await open(path), onGone)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      throw new Error(`The directory ${printable(path)} cannot be watched (${code}).`, { cause: error })
    }
  }

  private constructor(path: string, handle: FileHandle, onGone: (error: Error) => void) {
    this.#path = path
    this.#handle = handle
    this.#timer = setInterval(async () => {
      if (!(await this.#isSame())) onGone(goneError(path))
    }, DIRECTORY_CHECK_MS)
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#handle.close()
  }

  async #isSame(): Promise<boolean> {
    const found = await Promise.all([this.#handle.stat(), stat(this.#path)]).catch(() => undefined)
    return found !== undefined && found[0].ino === found[1].ino && found[0].dev === found[1].dev
  }
}

function goneError(path: string): Error {
  return new Error(`The watched directory ${printable(path)} was removed or moved. Restart when it exists again.`)
}
