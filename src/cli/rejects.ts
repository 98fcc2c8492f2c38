import { createWriteStream, type WriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { RejectedRow } from '../domain/ingestion.ts'

/** A file of all rejected rows, one JSON object a line. */
export class RejectsFile {
  readonly #stream: WriteStream

  /** @param path of the file, which is written anew */
  constructor(path: string) {
    this.#stream = createWriteStream(path)
    // Told when the file is closed; until then nobody listens.
    this.#stream.on('error', () => {})
  }

  write(file: string, rows: readonly RejectedRow[]): void {
    for (const { rowNumber, reason, column, row } of rows) {
      this.#stream.write(`${JSON.stringify({ file, rowNumber, reason, column, row: JSON.parse(row) as unknown })}\n`)
    }
  }

  /** @throws when not everything could be written */
  async close(): Promise<void> {
    this.#stream.end()
    await finished(this.#stream)
  }
}
