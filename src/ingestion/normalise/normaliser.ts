import type { RejectionReason } from '../../domain/ingestion.ts'
import type { MeasurementBatch } from '../../domain/measurement.ts'
import type { ColumnKinds, ColumnName } from '../columns.ts'
import type { RowGroup } from '../decode.ts'
import { accountIdReader } from './account-id.ts'
import { BatchBuilder } from './batch.ts'
import { categoriesReader } from './category.ts'
import { InternedColumn, NumericColumn } from './column-values.ts'
import { countReader, type ReadCount } from './count.ts'
import { AccountIdInterner, CategorySetInterner, INVALID } from './interning.ts'
import { LazyRejectedRow } from './rejected-row.ts'
import { type ReadTimestamp, timestampReader } from './timestamp.ts'

/** Rows of a batch: few enough for frequent progress and flat memory, many enough that the batches cost nothing. */
const BATCH_ROWS = 1 << 16

const EARLIEST = Date.UTC(2000, 0, 1)
/** Clocks differ. A date further ahead would become `asOf`, and every growth window would be empty. */
const LATEST_AHEAD_MS = 24 * 60 * 60 * 1000

const REJECTED_COLUMN: Readonly<Record<RejectionReason, ColumnName>> = {
  INVALID_ACCOUNT_ID: 'account_id',
  INVALID_TIMESTAMP: 'date',
  TIMESTAMP_OUT_OF_RANGE: 'date',
  INVALID_SUBSCRIBER_COUNT: 'subscriber_count',
  INVALID_CATEGORIES: 'categories',
}

export interface NormalisedRows {
  readonly batch: MeasurementBatch
  readonly rejected: readonly LazyRejectedRow[]
  readonly rowsRead: number
}

/** Turns the raw rows of one file into measurements or rejections, by docs/rules.md. */
export class Normaliser {
  readonly #kinds: ColumnKinds
  readonly #latest: number
  readonly #readTimestamp: ReadTimestamp
  readonly #readCount: ReadCount
  readonly #accounts: AccountIdInterner
  readonly #categorySets: CategorySetInterner

  /** @param ingestedAt the time of the ingestion in milliseconds, which limits how far ahead an instant may be */
  constructor(kinds: ColumnKinds, ingestedAt: number) {
    this.#kinds = kinds
    this.#latest = ingestedAt + LATEST_AHEAD_MS
    this.#readTimestamp = memoise(timestampReader(kinds.date))
    this.#readCount = countReader(kinds.subscriber_count)
    this.#accounts = new AccountIdInterner(accountIdReader(kinds.account_id))
    this.#categorySets = new CategorySetInterner(memoise(categoriesReader(kinds.categories)))
  }

  /** Yields the rows of the row group in file order, in batches. */
  *normalise(group: RowGroup): Generator<NormalisedRows> {
    const { account_id, date, subscriber_count, categories } = group.cells
    const cells: GroupCells = {
      accounts: new InternedColumn(account_id, this.#accounts),
      instants: new NumericColumn(date, this.#readTimestamp),
      counts: new NumericColumn(subscriber_count, this.#readCount),
      categorySets: new InternedColumn(categories, this.#categorySets),
    }
    for (let start = 0; start < group.length; start += BATCH_ROWS) {
      yield this.#batch(group, cells, start, Math.min(start + BATCH_ROWS, group.length))
    }
  }

  #batch(group: RowGroup, cells: GroupCells, start: number, end: number): NormalisedRows {
    const batch = new BatchBuilder(end - start)
    const rejected: LazyRejectedRow[] = []
    for (let row = start; row < end; row++) {
      const reason = this.#addRow(cells, row, batch)
      if (reason) rejected.push(new LazyRejectedRow(reason, REJECTED_COLUMN[reason], group, row, this.#kinds))
    }
    return { batch: batch.finish(), rejected, rowsRead: end - start }
  }

  /** Adds the row to the batch, or returns why it is rejected. The first invalid column decides. */
  #addRow(
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
    // Values are interned only with an accepted row: a rejected one must not create an account.
    batch.add(accounts.intern(row, account, batch), instant, count, categorySets.intern(row, set, batch))
    return null
  }
}

/** The columns of one row group. */
interface GroupCells {
  readonly accounts: InternedColumn
  readonly instants: NumericColumn
  readonly counts: NumericColumn
  readonly categorySets: InternedColumn
}

/** More than a file has distinct dates or category texts, and few enough for a file that has millions. */
const MAX_MEMOISED = 1 << 16
/** Longer texts are seldom repeated, and would fill the memory. */
const MAX_MEMOISED_LENGTH = 1024

/** Memoises a pure reader for text and big integers, which are slow to read and often repeated. */
function memoise<Value>(read: (cell: unknown) => Value): (cell: unknown) => Value {
  const memo = new Map<unknown, Value>()
  return cell => {
    if (typeof cell === 'string' ? cell.length > MAX_MEMOISED_LENGTH : typeof cell !== 'bigint') return read(cell)
    const known = memo.get(cell)
    if (known !== undefined) return known
    const value = read(cell)
    if (memo.size === MAX_MEMOISED) memo.clear()
    memo.set(cell, value)
    return value
  }
}
