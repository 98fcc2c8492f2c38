import { writeSync } from 'node:fs'

/** How often, and how long each time, who reads the log and is behind is waited for before a line is lost. */
const PAUSES = 10
const PAUSE_MS = 10

/** Writes lines to a file at once. What cannot be written is lost: a full disk for logs must end nothing else. */
export class LineSink {
  readonly #descriptor: number
  #lost = 0
  /** Whether what was written last broke off within a line. */
  #isTorn = false

  constructor(descriptor: number) {
    this.#descriptor = descriptor
  }

  /** Never throws. The first line that can be written again comes after one that says how many were lost. */
  write(line: string): void {
    try {
      if (this.#lost > 0) this.#put(lossOf(this.#lost))
      this.#lost = 0
      this.#put(line)
    } catch {
      this.#lost++
    }
  }

  #put(line: string): void {
    const bytes = Buffer.from(this.#isTorn ? `\n${line}` : line)
    for (let written = 0; written < bytes.length; this.#isTorn = written < bytes.length) {
      written += this.#some(bytes, written)
    }
  }

  /** Who has lost lines already waits no more: a reader that hangs would hold up everything. */
  #some(bytes: Buffer, from: number): number {
    for (let pauses = this.#lost > 0 ? PAUSES : 0; ; pauses++) {
      try {
        return writeSync(this.#descriptor, bytes, from)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || pauses >= PAUSES) throw error
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
      }
    }
  }
}

function lossOf(lost: number): string {
  return `${JSON.stringify({ level: 'warn', time: new Date().toISOString(), lost, msg: 'log lines could not be written' })}\n`
}
