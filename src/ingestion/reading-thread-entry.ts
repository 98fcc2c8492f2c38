import { parentPort } from 'node:worker_threads'
import { serializeError } from '../domain/errors.ts'
import type { MeasurementBatch } from '../domain/measurement.ts'
import { type RowsEvent, type RowsRequest, readRows } from './read-rows.ts'
import type { ReadingCommand, ReadingMessage } from './reading-thread.ts'

/* The reading thread of reading-thread.ts. It sends as many events as were requested, and then waits. */

if (!parentPort) throw new Error('This module runs only as a worker thread.')
const port = parentPort

let allowed = 0
let wake = () => {}

port.on('message', (command: ReadingCommand) => {
  if (command.type === 'read') {
    allowed = 0
    return void read(command.request)
  }
  allowed++
  wake()
})

async function read(request: RowsRequest): Promise<void> {
  try {
    for await (const event of readRows(request)) {
      while (allowed === 0) await new Promise<void>(resolve => (wake = resolve))
      allowed--
      send(event)
    }
    port.postMessage({ type: 'end' } satisfies ReadingMessage)
  } catch (error) {
    port.postMessage({ type: 'failed', error: serializeError(error) } satisfies ReadingMessage)
  }
}

/** Transfers the columns of a batch instead of copying them. */
function send(event: RowsEvent): void {
  port.postMessage(event, event.type === 'rows' ? columnsOf(event.batch) : [])
}

function columnsOf({ account, measuredAt, subscriberCount, categorySet }: MeasurementBatch): ArrayBuffer[] {
  return [account, measuredAt, subscriberCount, categorySet].map(({ buffer }) => buffer as ArrayBuffer)
}
