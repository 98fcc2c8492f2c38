import type { Ingestion, RejectedRow } from '../../../domain/ingestion.ts'
import type { Page, PageRequest } from '../../../domain/page.ts'
import type { IngestionPosition } from '../../../domain/store.ts'
import { ALWAYS, allOf, beyond, type Fragment, orderBy, paginate, type Slice } from '../../keyset.ts'
import type { Ledger } from '../load/ledger.ts'
import type { Statements } from './statements.ts'

const ORDER = ['queued_at', 'public_id']

/** Newest queued first. */
export function selectIngestions(
  statements: Statements,
  ledger: Ledger,
  request: PageRequest<IngestionPosition>,
): Page<Ingestion> {
  const read = ({ after, before, reverse, limit }: Slice<IngestionPosition>) => {
    const where = allOf([side(ORDER, '<', after, key), side(ORDER, '>', before, key)])
    const sql = `SELECT queued_at AS queuedAt, public_id AS id FROM ingestion
      WHERE ${where.sql} ORDER BY ${orderBy(ORDER, !reverse)} LIMIT ?`
    return statements.all<IngestionPosition>({ sql, values: [...where.values, limit] })
  }
  return statements.consistently(() => {
    const page = paginate(read, position => position, request)
    return { ...page, items: page.items.map(({ id }) => ledger.find(id)!) }
  })
}

function key({ queuedAt, id }: IngestionPosition): (number | string)[] {
  return [queuedAt, id]
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
  const column = ['row_number']
  const read = ({ after, before, reverse, limit }: Slice<number>) => {
    const where = allOf([
      { sql: OF_INGESTION, values: [ingestionId] },
      side(column, '>', after, row => [row]),
      side(column, '<', before, row => [row]),
    ])
    const sql = `SELECT row_number AS rowNumber, reason, "column", "row" FROM rejected_row
      WHERE ${where.sql} ORDER BY ${orderBy(column, reverse)} LIMIT ?`
    return statements.all<RejectedRow>({ sql, values: [...where.values, limit] })
  }
  return statements.consistently(() => paginate(read, row => row.rowNumber, request))
}

export function countRejectedRows(statements: Statements, ingestionId: string): number {
  const sql = `SELECT count(*) AS count FROM rejected_row WHERE ${OF_INGESTION}`
  return statements.get<{ count: number }>({ sql, values: [ingestionId] })!.count
}

function side<Position>(
  columns: readonly string[],
  operator: '<' | '>',
  position: Position | undefined,
  values: (position: Position) => readonly (number | string)[],
): Fragment {
  return position === undefined ? ALWAYS : beyond(columns, operator, values(position))
}
