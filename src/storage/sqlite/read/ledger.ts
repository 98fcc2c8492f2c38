import { and, asc, eq, type InferSelectModel, sql } from 'drizzle-orm'
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3'
import type { UserError } from '../../../domain/errors.ts'
import {
  type Ingestion,
  type IngestionWarning,
  REJECTION_REASONS,
  type RejectedRow,
  type RejectionCount,
} from '../../../domain/ingestion.ts'
import type { Page, PageRequest } from '../../../domain/page.ts'
import type { IngestionPosition } from '../../../domain/reader.ts'
import { ALWAYS, allOf, beyond, type Fragment, orderBy, paginate, type Slice } from '../../keyset.ts'
import type { Connection } from '../connection/connection.ts'
import { ingestion, ingestionWarning, rejectionCount } from '../schema/tables.ts'
import type { Statements } from './statements.ts'

/** Reads ledger entries, with their rejections and warnings. */
export class LedgerReader {
  readonly #database: BetterSQLite3Database

  constructor(connection: Connection) {
    this.#database = drizzle(connection)
  }

  find(publicId: string): Ingestion | null {
    const row = this.#database.select().from(ingestion).where(eq(ingestion.publicId, publicId)).get()
    return row ? this.#toDomain(row) : null
  }

  /** Returns the SUCCEEDED ingestion of these bytes. A dry run is none. */
  findSucceeded(sha256: string): Ingestion | null {
    // Written as in the partial index, so that SQLite uses it.
    const isTaken = sql`${ingestion.status} = 'SUCCEEDED' AND ${ingestion.dryRun} = 0`
    const row = this.#database
      .select()
      .from(ingestion)
      .where(and(eq(ingestion.sha256, sha256), isTaken))
      .get()
    return row ? this.#toDomain(row) : null
  }

  #toDomain(row: InferSelectModel<typeof ingestion>): Ingestion {
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
    const { reason, count } = rejectionCount
    const rows = this.#database
      .select({ reason, count })
      .from(rejectionCount)
      .where(eq(rejectionCount.ingestion, key))
      .all()
    return rows.sort((a, b) => REJECTION_REASONS.indexOf(a.reason) - REJECTION_REASONS.indexOf(b.reason))
  }
}

const QUEUE_ORDER = ['queued_at', 'public_id']

/** Newest queued first. */
export function selectIngestions(
  statements: Statements,
  ledger: LedgerReader,
  request: PageRequest<IngestionPosition>,
): Page<Ingestion> {
  const key = ({ queuedAt, id }: IngestionPosition) => [queuedAt, id]
  const read = ({ after, before, reverse, limit }: Slice<IngestionPosition>) => {
    const where = allOf([side(QUEUE_ORDER, '<', after && key(after)), side(QUEUE_ORDER, '>', before && key(before))])
    const sql = `SELECT queued_at AS queuedAt, public_id AS id FROM ingestion
      WHERE ${where.sql} ORDER BY ${orderBy(QUEUE_ORDER, !reverse)} LIMIT ?`
    return statements.all<IngestionPosition>({ sql, values: [...where.values, limit] })
  }
  return statements.inTransaction(() => {
    const page = paginate(read, position => position, request)
    return { ...page, items: page.items.map(({ id }) => ledger.find(id)!) }
  })
}

export function countIngestions(statements: Statements): number {
  return statements.get<{ count: number }>({ sql: 'SELECT count(*) AS count FROM ingestion', values: [] })!.count
}

const OF_INGESTION = 'ingestion = (SELECT id FROM ingestion WHERE public_id = ?)'

/** In file order. */
export function selectRejectedRows(
  statements: Statements,
  ingestionId: string,
  request: PageRequest<number>,
): Page<RejectedRow> {
  const columns = ['row_number']
  const read = ({ after, before, reverse, limit }: Slice<number>) => {
    const where = allOf([
      { sql: OF_INGESTION, values: [ingestionId] },
      side(columns, '>', after === undefined ? undefined : [after]),
      side(columns, '<', before === undefined ? undefined : [before]),
    ])
    const sql = `SELECT row_number AS rowNumber, reason, "column", "row" FROM rejected_row
      WHERE ${where.sql} ORDER BY ${orderBy(columns, reverse)} LIMIT ?`
    return statements.all<RejectedRow>({ sql, values: [...where.values, limit] })
  }
  return statements.inTransaction(() => paginate(read, row => row.rowNumber, request))
}

export function countRejectedRows(statements: Statements, ingestionId: string): number {
  const sql = `SELECT count(*) AS count FROM rejected_row WHERE ${OF_INGESTION}`
  return statements.get<{ count: number }>({ sql, values: [ingestionId] })!.count
}

function side(
  columns: readonly string[],
  operator: '<' | '>',
  position: readonly (number | string)[] | undefined,
): Fragment {
  return position === undefined ? ALWAYS : beyond(columns, operator, position)
}
