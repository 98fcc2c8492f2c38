import type { Statement } from 'better-sqlite3'
import { and, asc, eq, type InferSelectModel, sql } from 'drizzle-orm'
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3'
import type { UserError } from '../../../domain/errors.ts'
import {
  type Ingestion,
  type IngestionIdentity,
  type IngestionWarning,
  REJECTION_REASONS,
  type RejectedRow,
  type RejectionCount,
} from '../../../domain/ingestion.ts'
import type { Connection } from '../connection/connection.ts'
import { ingestion, ingestionWarning, rejectionCount } from '../schema/tables.ts'

type LedgerRow = InferSelectModel<typeof ingestion>

/** What an ingestion came to; written into its line when it ends. */
export type Ending = Partial<Omit<typeof ingestion.$inferInsert, 'id' | 'publicId'>> & {
  status: LedgerRow['status']
  finishedAt: number
}

/** Rejections of one ingestion: exact counts, and the rows that are kept. */
export interface Rejections {
  readonly counts: ReadonlyMap<RejectedRow['reason'], number>
  readonly kept: readonly RejectedRow[]
}

/** The `ingestion` table with its rejections and warnings, in the domain's terms. */
export class Ledger {
  readonly #database: BetterSQLite3Database
  /** Not through the query builder, which would take a second for the thousand rows of a bad file. */
  readonly #keepRow: Statement

  constructor(connection: Connection) {
    this.#database = drizzle(connection)
    this.#keepRow = connection.prepare(
      'INSERT INTO rejected_row (ingestion, row_number, reason, "column", "row") VALUES (?, ?, ?, ?, ?)',
    )
  }

  /** @returns the line's internal key */
  begin(identity: IngestionIdentity, startedAt: number): number {
    const { id, ...rest } = identity
    const row = this.#database
      .insert(ingestion)
      .values({ publicId: id, ...rest, status: 'RUNNING', startedAt })
      .returning({ id: ingestion.id })
      .get()
    return row.id
  }

  /** @throws when the line has ended already: what was committed is not told anew */
  end(key: number, ending: Ending, rejections: Rejections, warnings: readonly IngestionWarning[] = []): void {
    const running = and(eq(ingestion.id, key), eq(ingestion.status, 'RUNNING'))
    const { changes } = this.#database.update(ingestion).set(ending).where(running).run()
    if (changes === 0) throw new Error('the ingestion has ended already')
    for (const [reason, count] of rejections.counts) {
      this.#database.insert(rejectionCount).values({ ingestion: key, reason, count }).run()
    }
    for (const { rowNumber, reason, column, row } of rejections.kept) {
      this.#keepRow.run(key, rowNumber, reason, column, row)
    }
    warnings.forEach((warning, sequence) => {
      this.#database
        .insert(ingestionWarning)
        .values({ ingestion: key, sequence, ...warning })
        .run()
    })
  }

  find(publicId: string): Ingestion | null {
    const row = this.#database.select().from(ingestion).where(eq(ingestion.publicId, publicId)).get()
    return row ? this.#toDomain(row) : null
  }

  /** The ingestion that took these bytes, if one did. */
  findSucceeded(sha256: string): Ingestion | null {
    // Said as the partial index says it, so that the index is used.
    const taken = sql`${ingestion.status} = 'SUCCEEDED' AND ${ingestion.dryRun} = 0`
    const row = this.#database
      .select()
      .from(ingestion)
      .where(and(eq(ingestion.sha256, sha256), taken))
      .get()
    return row ? this.#toDomain(row) : null
  }

  #toDomain(row: LedgerRow): Ingestion {
    const { id: key, publicId, errorCode, errorField, errorMessage, ...rest } = row
    const error =
      errorCode === null ? null : ({ code: errorCode, field: errorField, message: errorMessage } as UserError)
    return { id: publicId, ...rest, rejections: this.#rejections(key), warnings: this.#warnings(key), error }
  }

  #warnings(key: number): IngestionWarning[] {
    const { code, column, message } = ingestionWarning
    return this.#database
      .select({ code, column, message })
      .from(ingestionWarning)
      .where(eq(ingestionWarning.ingestion, key))
      .orderBy(asc(ingestionWarning.sequence))
      .all()
  }

  #rejections(key: number): RejectionCount[] {
    const rows = this.#database
      .select({ reason: rejectionCount.reason, count: rejectionCount.count })
      .from(rejectionCount)
      .where(eq(rejectionCount.ingestion, key))
      .orderBy(asc(rejectionCount.reason))
      .all()
    return rows.sort((a, b) => REJECTION_REASONS.indexOf(a.reason) - REJECTION_REASONS.indexOf(b.reason))
  }
}
