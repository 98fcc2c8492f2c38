import { isReadNews, type ReadCommand, type ReadEnd, type ReaderSettings, type ReadNews } from './read-messages.ts'
import { WarmProcess } from './warm-process.ts'

/** A handle on a separate process that reads. It changes nothing, so it may be killed at any moment. */
export class ReaderProcess extends WarmProcess<ReadCommand, ReadNews, ReadEnd> {
  #isWarm = false

  /** @param maxHeapBytes at which V8 ends the process */
  constructor(settings: ReaderSettings, maxHeapBytes: number) {
    super({ entry: 'read-entry', settings, maxHeapBytes, isNews: isReadNews })
  }

  /** Whether it has taken a command before. */
  get isWarm(): boolean {
    return this.#isWarm
  }

  override run(command: ReadCommand, onNews: (news: ReadNews) => void) {
    this.#isWarm = true
    return super.run(command, onNews)
  }
}
