import { Worker } from 'node:worker_threads'
import { deserializeError, type SerializedError, serializeError } from '../domain/errors.ts'
import { packageFile } from '../package-file.ts'
import type { RowsEvent, RowsRequest } from './rows.ts'

/** Batches under way between the threads: what the reader decodes while a block of a million rows is written. */
const MAX_AHEAD = 8

/** V8 would let short-lived cells pile up to ten times this before it looks: 150 MB more, and no faster. */
const YOUNG_GENERATION_MB = 8

/** To the thread. */
export type ReadingCommand = { readonly type: 'read'; readonly request: RowsRequest } | { readonly type: 'more' }

/** From the thread. */
export type ReadingMessage =
  | RowsEvent
  | { readonly type: 'end' }
  | { readonly type: 'failed'; readonly error: SerializedError }

/**
 * Reads files in a thread of its own, so that decoding the next rows and writing the last ones go on side by side.
 * Kept warm between files; one that was left in the middle of a file is replaced.
 */
export class ReadingThread {
  #worker: Worker | undefined = this.#start()

  /** @throws AppError with the reason why the file cannot be taken */
  async *read(request: RowsRequest): AsyncGenerator<RowsEvent> {
    this.#worker ??= this.#start()
    const worker = this.#worker
    const inbox = new Inbox(worker)
    let isWhole = false
    try {
      worker.postMessage({ type: 'read', request } satisfies ReadingCommand)
      for (let more = 0; more < MAX_AHEAD; more++) worker.postMessage({ type: 'more' } satisfies ReadingCommand)
      for (let message = await inbox.next(); message.type !== 'end'; message = await inbox.next()) {
        if (message.type === 'failed') throw deserializeError(message.error)
        yield message
        worker.postMessage({ type: 'more' } satisfies ReadingCommand)
      }
      isWhole = true
    } finally {
      inbox.close()
      if (!isWhole) await this.close()
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
    // Whoever reads is told by the inbox; one that dies in between is replaced.
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
    worker.on('message', this.#receive).on('error', this.#fail).on('exit', this.#gone)
  }

  async next(): Promise<ReadingMessage> {
    while (this.#waiting.length === 0) await new Promise<void>(resolve => (this.#wake = resolve))
    return this.#waiting.shift()!
  }

  close(): void {
    this.#worker.off('message', this.#receive).off('error', this.#fail).off('exit', this.#gone)
  }

  readonly #receive = (message: ReadingMessage) => {
    this.#waiting.push(message)
    this.#wake()
  }

  readonly #fail = (error: NodeJS.ErrnoException) => {
    const isOutOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    this.#receive({ type: 'failed', error: isOutOfMemory ? OUT_OF_MEMORY : serializeError(error) })
  }

  /** After an error this is not looked at any more. */
  readonly #gone = (code: number) => {
    this.#receive({ type: 'failed', error: serializeError(new Error(`the reading thread ended with ${code}`)) })
  }
}

/** V8 ends a thread that reaches the heap cap of its process, and leaves the process alone. */
const OUT_OF_MEMORY: SerializedError = {
  code: 'RESOURCE_LIMIT',
  field: null,
  message:
    'The file took more memory than an ingestion may use. Nothing was changed. If the file is sound, split it or raise INGEST_MAX_MEMORY_MB.',
}
