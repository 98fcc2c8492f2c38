import type { Ingestor } from '../../domain/ingestor.ts'
import type { GraphQLServices } from '../../graphql/context.ts'

/** The services, and whether they told anything that the database does not hold. */
export class Witness {
  readonly services: GraphQLServices
  #sawMore = false

  constructor(services: GraphQLServices) {
    const more = <Result>(result: Result) => {
      this.#sawMore = true
      return result
    }
    this.services = {
      ...services,
      ingestor: new WatchedIngestor(services.ingestor, more),
      now: () => more(services.now()),
    }
  }

  /** That is, what was told changes with a commit and never else. */
  get sawDatabaseAlone(): boolean {
    return !this.#sawMore
  }
}

class WatchedIngestor implements Ingestor {
  readonly #ingestor: Ingestor
  readonly #more: <Result>(result: Result) => Result

  constructor(ingestor: Ingestor, more: <Result>(result: Result) => Result) {
    this.#ingestor = ingestor
    this.#more = more
  }

  /** An ingestion that is in progress later, under a new id, begins with a line in the ledger or is asked for by nobody. */
  inProgress(id: string) {
    const found = this.#ingestor.inProgress(id)
    return found && this.#more(found)
  }

  ingest(request: Parameters<Ingestor['ingest']>[0]) {
    return this.#more(this.#ingestor.ingest(request))
  }

  cancel(id: string) {
    return this.#more(this.#ingestor.cancel(id))
  }

  revert(id: string) {
    return this.#more(this.#ingestor.revert(id))
  }

  watch(id: string) {
    return this.#more(this.#ingestor.watch(id))
  }
}
