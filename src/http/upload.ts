import { isUserError, toUserError } from '../domain/errors.ts'
import type { IngestOutcome, Ingestor, IngestRequest } from '../domain/ingestor.ts'
import type { ReceivedFile } from './incoming.ts'

/** Takes one file that is still to be received: the ingestor of a single request, which receives it when it is asked. */
export class Upload implements Ingestor {
  readonly #ingestor: Ingestor
  readonly #receive: () => Promise<ReceivedFile>

  constructor(ingestor: Ingestor, receive: () => Promise<ReceivedFile>) {
    this.#ingestor = ingestor
    this.#receive = receive
  }

  async ingest(request: IngestRequest): Promise<IngestOutcome> {
    try {
      return await this.#ingestReceived({ ...request, file: await this.#receive() })
    } catch (error) {
      if (isUserError(error)) return { ingestion: null, alreadyIngested: false, error: toUserError(error) }
      throw error
    }
  }

  /** The file stays until its ingestion has ended, also when the answer does not wait for that. */
  async #ingestReceived(request: IngestRequest & { readonly file: ReceivedFile }): Promise<IngestOutcome> {
    let states: AsyncIterable<unknown> | undefined
    try {
      const outcome = await this.#ingestor.ingest(request)
      states = outcome.ingestion ? this.#ingestor.watch(outcome.ingestion.id) : undefined
      return outcome
    } finally {
      if (states) void toEnd(states).finally(request.file.remove)
      else await request.file.remove()
    }
  }

  cancel(id: string) {
    return this.#ingestor.cancel(id)
  }

  revert(id: string) {
    return this.#ingestor.revert(id)
  }

  inProgress(id: string) {
    return this.#ingestor.inProgress(id)
  }

  watch(id: string) {
    return this.#ingestor.watch(id)
  }
}

async function toEnd(states: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of states);
}
