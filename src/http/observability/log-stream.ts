import { writeSync } from 'node:fs'

/** How often, and how long each time, a full pipe is retried before a line is lost. */
const MAX_RETRIES = 10
const RETRY_DELAY_MS = 10

/** A synchronous log stream that never throws: a full disk for logs must not end the server. */
export class LogStream {
  readonly #descriptor: number
  #lostLines = 0
  /** Whether the last write ended within a line. */
  #isPartial = false

  constructor(descriptor: number) {
    this.#descriptor = descriptor
  }

  /** Writes a line, or counts it as lost. The next line that succeeds follows one that reports the lost lines. */
  write(line: string): void {
    try {
      if (this.#lostLines > 0) this.#writeAll(lostLinesEntry(this.#lostLines))
      this.#lostLines = 0
      this.#writeAll(line)
    } catch {
      this.#lostLines++
    }
  }

  #writeAll(line: string): void {
    const bytes = Buffer.from(this.#isPartial ? `\n${line}` : line)
    for (let written = 0; written < bytes.length; this.#isPartial = written < bytes.length) {
      written += this.#writeSome(bytes, written)
    }
  }

  /** Does not retry after a lost line: a reader that hangs would block the server. */
  #writeSome(bytes: Buffer, offset: number): number {
    for (let retries = this.#lostLines > 0 ? MAX_RETRIES : 0; ; retries++) {
      try {
        return writeSync(this.#descriptor, bytes, offset)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || retries >= MAX_RETRIES) throw error
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_DELAY_MS)
      }
    }
  }
}

function lostLinesEntry(lost: number): string {
  return `${JSON.stringify({ level: 'warn', time: new Date().toISOString(), lost, msg: 'log lines could not be written' })}\n`
}
