import type { Page, PageRequest } from '../domain/page.ts'

/** An open interval of positions. */
export interface Between<Position> {
  readonly after?: Position | undefined
  readonly before?: Position | undefined
}

/** The first `limit` rows of an open interval of positions, or the last. */
export interface Slice<Position> extends Between<Position> {
  /** Starts at the end of the interval and returns the rows in reverse order. */
  readonly reverse: boolean
  readonly limit: number
  /** Only the existence of a row matters: any row will do, with any columns. */
  readonly existsOnly?: boolean
}

/**
 * Returns a page of an ordered list. It seeks to positions and never counts rows, so that page 1,000 costs the same as
 * page 1. `hasNextPage` and `hasPreviousPage` describe the whole list, not the requested interval: docs/rules.md, "Pages".
 *
 * @param read returns at most `limit` rows of a slice
 * @param exists returns whether an interval holds a row. Both callbacks run up to three times, so they need to see one
 *   state of the database
 */
export function paginate<Row, Position>(
  read: (slice: Slice<Position>) => readonly Row[],
  positionOf: (row: Row) => Position,
  request: PageRequest<Position>,
  exists: (between: Between<Position>) => boolean = between =>
    read({ ...between, reverse: false, limit: 1 }).length > 0,
): Page<Row> {
  const { size, fromEnd, after, before } = request
  const found = read({ after, before, reverse: fromEnd, limit: size + 1 })
  const kept = found.slice(0, size)
  const items = fromEnd ? kept.reverse() : kept

  if (items.length === 0) {
    const at = fromEnd ? (before ?? after) : (after ?? before)
    if (at !== undefined) {
      return { items, hasNextPage: exists({ after: at }), hasPreviousPage: exists({ before: at }) }
    }
    const hasRows = found.length > 0
    return { items, hasNextPage: hasRows && !fromEnd, hasPreviousPage: hasRows && fromEnd }
  }

  const more = found.length > size
  const first = positionOf(items[0]!)
  const last = positionOf(items.at(-1)!)
  // The row beyond the page answers one flag. Where no cursor limits the other side, the page starts or ends the list.
  const next = fromEnd
    ? before !== undefined && exists({ after: last })
    : more || (before !== undefined && exists({ after: last }))
  const previous = fromEnd
    ? more || (after !== undefined && exists({ before: first }))
    : after !== undefined && exists({ before: first })
  return { items, hasNextPage: next, hasPreviousPage: previous }
}

/** SQL with the values of its placeholders. */
export interface Fragment {
  readonly sql: string
  readonly values: readonly (number | string)[]
}

/** A condition that holds for every row. */
export const ALWAYS: Fragment = { sql: '1', values: [] }

/** All of the conditions. */
export function allOf(fragments: readonly Fragment[]): Fragment {
  return {
    sql: fragments.map(({ sql }) => sql).join(' AND ') || ALWAYS.sql,
    values: fragments.flatMap(({ values }) => values),
  }
}

/** The rows beyond a position in the order of `columns`. A row value becomes one seek of an index on the same columns. */
export function beyond(
  columns: readonly string[],
  operator: '>' | '<',
  position: readonly (number | string)[],
): Fragment {
  const placeholders = position.map(() => '?').join(', ')
  return { sql: `(${columns.join(', ')}) ${operator} (${placeholders})`, values: position }
}

/** ORDER BY terms, all in one direction. */
export function orderBy(columns: readonly string[], descending: boolean): string {
  return columns.map(column => `${column} ${descending ? 'DESC' : 'ASC'}`).join(', ')
}
