import { type Command, type End, isNews, type News, type ProcessSettings } from './messages.ts'
import { type Died, WarmProcess } from './warm-process.ts'

export type CommandEnd = End | Died

/** A handle on the separate process that ingests. */
export class IngestionProcess extends WarmProcess<Command, News, End> {
  /** @param maxHeapBytes at which V8 ends the process */
  constructor(settings: ProcessSettings, maxHeapBytes: number) {
    super({ entry: 'ingestion-entry', settings, maxHeapBytes, isNews })
  }

  /** Asks the command that runs to take everything back. */
  cancel(): void {
    this.send({ type: 'cancel' })
  }
}
