import { Worker } from 'node:worker_threads'
import { deserializeError, type SerializedError, serializeError } from '../domain/errors.ts'
import { packageFile } from '../package-file.ts'
import type { RowsEvent, RowsRequest } from './read-rows.ts'

/** How many batches may be in transit between the threads: as many as are decoded while a block of a million rows is written. */
const MAX_AHEAD = 8

/** By default V8 collects short-lived cells only at ten times this: that takes 150 MB more and is no faster. */
const YOUNG_GENERATION_MB = 8

/** Messages to the thread. */
export type ReadingCommand = { readonly type: 'read'; readonly request: RowsRequest } | { readonly type: 'more' }

/** Messages from the thread. */
export type ReadingMessage =
  | RowsEvent
  | { readonly type: 'end' }
  | { readonly type: 'failed'; readonly error: SerializedError }

/**
 * Reads files in a worker thread, so that the next rows are decoded while the last ones are written. The thread is kept
 * between files, and replaced if a file is not read to its end.
 */
export class ReadingThread {
  #worker: Worker | undefined = this.#start()

  /** @throws AppError when the file cannot be ingested */
  async *read(request: RowsRequest): AsyncGenerator<RowsEvent> {
    this.#worker ??= this.#start()
    const worker = this.#worker
    const inbox = new Inbox(worker)
    let isComplete = false
    try {
      worker.postMessage({ type: 'read', request } satisfies ReadingCommand)
      for (let more = 0; more < MAX_AHEAD; more++) worker.postMessage({ type: 'more' } satisfies ReadingCommand)
      for (let message = await inbox.next(); message.type !== 'end'; message = await inbox.next()) {
        if (message.type === 'failed') throw deserializeError(message.error)
        yield message
        worker.postMessage({ type: 'more' } satisfies ReadingCommand)
      }
      isComplete = true
    } finally {
      inbox.close()
      if (!isComplete) await this.close()
    }
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
    this.#worker = undefined
  }

  #start(): Worker {
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB }
    const worker = new Worker(packageFile('dist/ingestion/reading-thread-entry.js'), { resourceLimits })
    worker.unref()
    // The inbox reports errors to the reader. A thread that ends between two files is replaced.
    worker.on('error', () => {})
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined
    })
    return worker
  }
}

/** A worker's messages, one at a time. */
class Inbox {
  readonly #worker: Worker
  readonly #waiting: ReadingMessage[] = []
  #wake = () => {}

  constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', this.#receive).on('error', this.#onError).on('exit', this.#onExit)
  }

  async next(): Promise<ReadingMessage> {
    while (this.#waiting.length === 0) await new Promise<void>(resolve => (this.#wake = resolve))
    return this.#waiting.shift()!
  }

  close(): void {
    this.#worker.off('message', this.#receive).off('error', this.#onError).off('exit', this.#onExit)
  }

  readonly #receive = (message: ReadingMessage) => {
    this.#waiting.push(message)
    this.#wake()
  }

  readonly #onError = (error: NodeJS.ErrnoException) => {
    const isOutOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    this.#receive({ type: 'failed', error: isOutOfMemory ? OUT_OF_MEMORY : serializeError(error) })
  }

  /** Ignored after an error, which ends the reading. */
  readonly #onExit = (code: number) => {
    this.#receive({ type: 'failed', error: serializeError(new Error(`the reading thread ended with ${code}`)) })
  }
}

/** V8 ends a thread that reaches the heap limit, and not its process. */
const OUT_OF_MEMORY: SerializedError = {
  code: 'RESOURCE_LIMIT',
  field: null,
  message:
    'The file took more memory than an ingestion may use. Nothing was changed. If the file is sound, split it or raise INGEST_MAX_MEMORY_MB.',
}
