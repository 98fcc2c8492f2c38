import type { RejectionReason } from '../../domain/ingestion.ts'
import type { MeasurementBatch } from '../../domain/measurement.ts'
import type { ColumnKinds, ColumnName } from '../columns.ts'
import type { RowGroup } from '../decode.ts'
import { accountIdReader } from './account-id.ts'
import { BatchBuilder } from './batch.ts'
import { categoriesReader } from './category.ts'
import { NumberCells, NumberedCells } from './cells.ts'
import { countReader, type ReadCount } from './count.ts'
import { FoundRow } from './found.ts'
import { instantReader, type ReadInstant } from './instant.ts'
import { memoise } from './memo.ts'
import { AccountNumbering, CategorySetNumbering, INVALID } from './numbering.ts'

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
  readonly #readInstant: ReadInstant
  readonly #readCount: ReadCount
  readonly #accounts: AccountNumbering
  readonly #categorySets: CategorySetNumbering

  /** @param ingestedAt the moment of ingestion, which limits how far ahead an instant may lie */
  constructor(kinds: ColumnKinds, ingestedAt: number) {
    this.#kinds = kinds
    this.#latest = ingestedAt + LATEST_AHEAD_MS
    this.#readInstant = memoise(instantReader(kinds.date))
    this.#readCount = countReader(kinds.subscriber_count)
    this.#accounts = new AccountNumbering(accountIdReader(kinds.account_id))
    this.#categorySets = new CategorySetNumbering(memoise(categoriesReader(kinds.categories)))
  }

  /** The group's rows in file order, in batches. */
  *normalise(group: RowGroup): Generator<NormalisedRows> {
    const { account_id, date, subscriber_count, categories } = group.cells
    const cells: GroupCells = {
      accounts: new NumberedCells(account_id, this.#accounts),
      instants: new NumberCells(date, this.#readInstant),
      counts: new NumberCells(subscriber_count, this.#readCount),
      categorySets: new NumberedCells(categories, this.#categorySets),
    }
    for (let start = 0; start < group.length; start += BATCH_ROWS) {
      yield this.#batch(group, cells, start, Math.min(start + BATCH_ROWS, group.length))
    }
  }

  #batch(group: RowGroup, cells: GroupCells, start: number, end: number): NormalisedRows {
    const batch = new BatchBuilder(end - start)
    const rejected: FoundRow[] = []
    for (let row = start; row < end; row++) {
      const reason = this.#take(cells, row, batch)
      if (reason) rejected.push(new FoundRow(reason, COLUMN_AT_FAULT[reason], group, row, this.#kinds))
    }
    return { batch: batch.finish(), rejected, rowsRead: end - start }
  }

  /** Adds the row to the batch, or tells why not: the first failing column decides. */
  #take(
    { accounts, instants, counts, categorySets }: GroupCells,
    row: number,
    batch: BatchBuilder,
  ): RejectionReason | null {
    const account = accounts.at(row)
    if (account === INVALID) return 'INVALID_ACCOUNT_ID'
    const instant = instants.at(row)
    if (Number.isNaN(instant)) return 'INVALID_TIMESTAMP'
    if (instant < EARLIEST || instant > this.#latest) return 'TIMESTAMP_OUT_OF_RANGE'
    const count = counts.at(row)
    if (Number.isNaN(count)) return 'INVALID_SUBSCRIBER_COUNT'
    const set = categorySets.at(row)
    if (set === INVALID) return 'INVALID_CATEGORIES'
    // Accounts and category sets get their numbers with their first accepted row, never with a rejected one.
    batch.add(accounts.number(row, account, batch), instant, count, categorySets.number(row, set, batch))
    return null
  }
}

/** The columns of one row group. */
interface GroupCells {
  readonly accounts: NumberedCells
  readonly instants: NumberCells
  readonly counts: NumberCells
  readonly categorySets: NumberedCells
}
