import type { Ingestion, RejectedRow } from '../domain/ingestion.ts'
import type { IngestionPosition } from '../domain/reader.ts'
import { CursorScope, type Cursors } from './cursor.ts'

/** Cursors of the ledger. */
export const ingestionCursors: Cursors<Ingestion, IngestionPosition> = {
  scope: new CursorScope('ingestions'),
  position: ingestion => ingestion,
  write: ({ queuedAt, id }) => [queuedAt, id],
  read([queuedAt, id, ...rest]) {
    if (rest.length > 0 || !Number.isSafeInteger(queuedAt) || typeof id !== 'string') return undefined
    return { queuedAt: queuedAt as number, id }
  },
}

/** Cursors of the rejected rows that are kept of one ingestion. */
export function rejectedRowCursors(ingestion: string): Cursors<RejectedRow, number> {
  return {
    scope: new CursorScope('rejectedRows', { ingestion }),
    position: ({ rowNumber }) => rowNumber,
    write: rowNumber => [rowNumber],
    read([rowNumber, ...rest]) {
      return rest.length === 0 && Number.isSafeInteger(rowNumber) ? (rowNumber as number) : undefined
    },
  }
}
