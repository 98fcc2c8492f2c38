import type { Statement } from 'better-sqlite3'
import { and, eq } from 'drizzle-orm'
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3'
import type { UserError } from '../../../domain/errors.ts'
import {
  type IngestionIdentity,
  type IngestionWarning,
  type RejectedRow,
  statusAfter,
} from '../../../domain/ingestion.ts'
import type { Connection } from '../connection/connection.ts'
import { ingestion, ingestionWarning, rejectionCount } from '../schema/tables.ts'

/** The columns that are written when an ingestion ends. */
export type IngestionEnd = Partial<Omit<typeof ingestion.$inferInsert, 'id' | 'publicId'>> & {
  readonly status: (typeof ingestion.$inferSelect)['status']
  readonly finishedAt: number
}

/** What is kept of a file beside its measurements. */
export interface FileReport {
  readonly rejectionCounts: ReadonlyMap<RejectedRow['reason'], number>
  readonly rejectedRows: readonly RejectedRow[]
  readonly warnings: readonly IngestionWarning[]
}

/** Writes ledger entries. */
export class LedgerWriter {
  readonly #database: BetterSQLite3Database
  /** The query builder would take a second for the 1,000 rows of a bad file. */
  readonly #insertRejectedRow: Statement

  constructor(connection: Connection) {
    this.#database = drizzle(connection)
    this.#insertRejectedRow = connection.prepare(
      'INSERT INTO rejected_row (ingestion, row_number, reason, "column", "row") VALUES (?, ?, ?, ?, ?)',
    )
  }

  /** @returns the internal key of the new entry */
  begin(identity: IngestionIdentity, startedAt: number): number {
    const { id, ...rest } = identity
    const row = this.#database
      .insert(ingestion)
      .values({ publicId: id, ...rest, status: 'RUNNING', startedAt })
      .returning({ id: ingestion.id })
      .get()
    return row.id
  }

  /** @throws Error when the entry has ended already: a committed end never changes */
  end(key: number, end: IngestionEnd, { rejectionCounts, rejectedRows, warnings }: FileReport): void {
    const running = and(eq(ingestion.id, key), eq(ingestion.status, 'RUNNING'))
    const { changes } = this.#database.update(ingestion).set(end).where(running).run()
    if (changes === 0) throw new Error('the ingestion has ended already')
    for (const [reason, count] of rejectionCounts) {
      this.#database.insert(rejectionCount).values({ ingestion: key, reason, count }).run()
    }
    for (const { rowNumber, reason, column, row } of rejectedRows) {
      this.#insertRejectedRow.run(key, rowNumber, reason, column, row)
    }
    for (const [sequence, warning] of warnings.entries()) {
      const row = { ingestion: key, sequence, ...warning }
      this.#database.insert(ingestionWarning).values(row).run()
    }
  }
}

/** An ingestion whose cause of death is known. */
export interface InterruptedIngestion {
  readonly id: string
  readonly error: UserError
}

const INTERRUPTED: UserError = {
  code: 'INGESTION_INTERRUPTED',
  field: null,
  message: 'The ingestion was interrupted before it was done. Nothing was changed; send the file again.',
}

/**
 * Ends the entries that are still RUNNING. Only the holder of the write lock may call this: only it knows that no process
 * runs them any more.
 */
export function endInterrupted(connection: Connection, known?: InterruptedIngestion): void {
  const statement = connection.prepare(`
    UPDATE ingestion SET status = ?, finished_at = ?, error_code = ?, error_message = ?
    WHERE status = 'RUNNING' AND public_id = coalesce(?, public_id)`)
  const end = (error: UserError, id: string | null) =>
    statement.run(statusAfter(error), Date.now(), error.code, error.message, id)
  if (known) end(known.error, known.id)
  end(INTERRUPTED, null)
}
