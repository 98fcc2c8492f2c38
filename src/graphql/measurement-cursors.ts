import type { Point, TimeRange } from '../domain/measurement.ts'
import { CursorScope, type Cursors } from './cursor.ts'

/** Cursors of an account's measurements within a range. */
export function measurementCursors(account: string, range: TimeRange): Cursors<Point, number> {
  return {
    scope: new CursorScope('measurements', { account, range }),
    position: ({ measuredAt }) => measuredAt,
    write: measuredAt => [measuredAt],
    read([measuredAt, ...rest]) {
      return rest.length === 0 && Number.isSafeInteger(measuredAt) ? (measuredAt as number) : undefined
    },
  }
}
