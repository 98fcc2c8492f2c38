import type { RejectionReason } from '../../domain/ingestion.ts'
import type { MeasurementBatch } from '../../domain/measurement.ts'
import type { ColumnKinds, ColumnName } from '../columns.ts'
import type { RowGroup } from '../decode.ts'
import { accountIdReader, type ReadAccountId } from './account-id.ts'
import { BatchBuilder, CategorySetDictionary } from './batch.ts'
import { categoriesReader, type ReadCategories } from './category.ts'
import { countReader, type ReadCount } from './count.ts'
import { FoundRow } from './found.ts'
import { instantReader, type ReadInstant } from './instant.ts'
import { memoise } from './memo.ts'

/** Rows of one batch: small enough that progress moves and memory stays flat, large enough to cost nothing. */
const BATCH_ROWS = 1 << 16

const EARLIEST = Date.UTC(2000, 0, 1)
/** Clocks differ; a date further ahead would move "now" and empty every growth answer. */
const LATEST_AHEAD_MS = 24 * 60 * 60 * 1000

const COLUMN_AT_FAULT: Readonly<Record<RejectionReason, ColumnName>> = {
  INVALID_ACCOUNT_ID: 'account_id',
  INVALID_TIMESTAMP: 'date',
  TIMESTAMP_OUT_OF_RANGE: 'date',
  INVALID_SUBSCRIBER_COUNT: 'subscriber_count',
  INVALID_CATEGORIES: 'categories',
}

export interface NormalisedRows {
  readonly batch: MeasurementBatch
  readonly rejected: readonly FoundRow[]
  readonly rowsRead: number
}

/** Turns the raw rows of one file into measurements or rejections. docs/rules.md says what becomes what. */
export class Normaliser {
  readonly #kinds: ColumnKinds
  readonly #latest: number
  readonly #readAccountId: ReadAccountId
  readonly #readInstant: ReadInstant
  readonly #readCount: ReadCount
  readonly #readCategories: ReadCategories
  readonly #accounts = new Map<unknown, number>()
  readonly #categorySets = new CategorySetDictionary()

  /** @param ingestedAt the moment of ingestion, which limits how far ahead an instant may lie */
  constructor(kinds: ColumnKinds, ingestedAt: number) {
    this.#kinds = kinds
    this.#latest = ingestedAt + LATEST_AHEAD_MS
    this.#readAccountId = accountIdReader(kinds.account_id)
    this.#readInstant = memoise(instantReader(kinds.date))
    this.#readCount = countReader(kinds.subscriber_count)
    this.#readCategories = memoise(categoriesReader(kinds.categories))
  }

  /** The group's rows in file order, in batches. */
  *normalise(group: RowGroup): Generator<NormalisedRows> {
    for (let start = 0; start < group.length; start += BATCH_ROWS) {
      yield this.#batch(group, start, Math.min(start + BATCH_ROWS, group.length))
    }
  }

  #batch(group: RowGroup, start: number, end: number): NormalisedRows {
    const batch = new BatchBuilder(end - start)
    const rejected: FoundRow[] = []
    for (let row = start; row < end; row++) {
      const reason = this.#take(group.cells, row, batch)
      if (reason) rejected.push(new FoundRow(reason, COLUMN_AT_FAULT[reason], group, row, this.#kinds))
    }
    return { batch: batch.finish(), rejected, rowsRead: end - start }
  }

  /** Adds the row to the batch, or tells why not: the first failing column decides. */
  #take(cells: RowGroup['cells'], row: number, batch: BatchBuilder): RejectionReason | null {
    const idCell = cells.account_id[row]
    const known = this.#accounts.get(idCell)
    const accountId = known === undefined ? this.#readAccountId(idCell) : ''
    if (accountId === undefined) return 'INVALID_ACCOUNT_ID'
    const instant = this.#readInstant(cells.date[row])
    if (Number.isNaN(instant)) return 'INVALID_TIMESTAMP'
    if (instant < EARLIEST || instant > this.#latest) return 'TIMESTAMP_OUT_OF_RANGE'
    const count = this.#readCount(cells.subscriber_count[row])
    if (Number.isNaN(count)) return 'INVALID_SUBSCRIBER_COUNT'
    const names = this.#readCategories(cells.categories[row])
    if (names === undefined) return 'INVALID_CATEGORIES'
    const account = known ?? this.#accountIndex(accountId, batch)
    batch.add(account, instant, count, this.#categorySets.index(names, batch))
    return null
  }

  /** Accounts enter the dictionary with their first accepted row, never with a rejected one. */
  #accountIndex(accountId: string, batch: BatchBuilder): number {
    const found = this.#accounts.get(accountId)
    if (found !== undefined) return found
    const index = this.#accounts.size
    this.#accounts.set(accountId, index)
    batch.newAccountIds.push(accountId)
    return index
  }
}
