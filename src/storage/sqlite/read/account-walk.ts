import type { AccountPosition } from '../../../domain/account.ts'
import { ALWAYS, allOf, beyond, type Fragment, orderBy, type Slice } from '../../keyset.ts'
import { ACCOUNT_COLUMNS, type AccountRow, NOTHING } from './account-row.ts'
import type { Walk } from './account-source.ts'
import type { Statements } from './statements.ts'

/**
 * How many accounts are looked at for a page before all are. First so many for each row that is missing: most filters
 * let more than every fourth account through. Then as many as cost a tenth of a scan of 200,000.
 */
const NEAR_FOR_EACH = 4
const FAR = 4_000

/**
 * Reads a slice along an index, or gives up: when the filter leaves so few accounts that the page is not full after
 * a while, a scan is faster.
 */
export function readAlong(statements: Statements, walk: Walk, slice: Slice<AccountPosition>): AccountRow[] | undefined {
  const rows: AccountRow[] = []
  for (const segment of segmentsOf(walk, slice)) {
    const missing = slice.limit - rows.length
    if (missing === 0) break
    const found = readSegment(statements, segment, missing)
    if (!found) return undefined
    rows.push(...found)
  }
  return rows
}

function readSegment(statements: Statements, segment: Segment, missing: number): AccountRow[] | undefined {
  const rowsOf = (near: Segment) => {
    const { sql, values } = pageStatement(near)
    return statements.lists<AccountRow>({ sql, values: [...values, missing] })
  }
  if (segment.walk.rest.length === 0) return rowsOf(segment)
  for (const reach of [NEAR_FOR_EACH * missing, FAR]) {
    const end = endOfReach(statements, segment, reach)
    const found = rowsOf(end ? segmentTo(segment, end) : segment)
    if (!end || found.length === missing) return found
  }
  return undefined
}

/** A run of an index: the accounts with a known value, or those with an unknown one. */
export interface Segment {
  readonly walk: Walk
  readonly slice: Slice<AccountPosition>
  readonly isKnown: boolean
}

/** The runs that a slice is read from, in turn until it is full: the unknown come last, or first when reading backwards. */
export function segmentsOf(walk: Walk, slice: Slice<AccountPosition>): Segment[] {
  const segments = (walk.nullable ? [true, false] : [true]).map(isKnown => ({ walk, slice, isKnown }))
  const inTurn = slice.reverse ? segments.reverse() : segments
  return inTurn.filter(segment => cursorConditions(segment) !== null)
}

/** To be run with the number of rows. */
export function pageStatement(segment: Segment, columns = ACCOUNT_COLUMNS): Fragment {
  const { from, rest } = segment.walk
  const where = allOf([whereOf(segment), ...rest])
  const selected = segment.slice.isAnyEnough ? NOTHING : columns.sql
  const sql = `SELECT ${selected} FROM ${from} WHERE ${where.sql} ORDER BY ${orderOf(segment)} LIMIT ?`
  return { sql, values: where.values }
}

/**
 * The position at which a walk has gone far enough, if the run goes on so far. It is read from the index alone. To be
 * run with the number of accounts to pass.
 */
export function reachStatement(segment: Segment): Fragment {
  const { index, value, accountId } = segment.walk
  const where = whereOf(segment)
  const sql = `SELECT ${value ?? 'NULL'} AS value, ${accountId} AS accountId FROM ${index} WHERE ${where.sql}
    ORDER BY ${orderOf(segment)} LIMIT 1 OFFSET ?`
  return { sql, values: where.values }
}

function endOfReach(statements: Statements, segment: Segment, reach: number): AccountPosition | undefined {
  const { sql, values } = reachStatement(segment)
  return statements.get<AccountPosition>({ sql, values: [...values, reach] })
}

function segmentTo(segment: Segment, end: AccountPosition): Segment {
  const { slice } = segment
  return { ...segment, slice: slice.reverse ? { ...slice, after: end } : { ...slice, before: end } }
}

function orderOf({ walk: { value, accountId, descending }, slice, isKnown }: Segment): string {
  return orderBy(isKnown && value !== null ? [value, accountId] : [accountId], descending !== slice.reverse)
}

/** A cursor comes before the filter's bounds: SQLite seeks to the first. */
function whereOf(segment: Segment): Fragment {
  const { value, nullable, conditions } = segment.walk
  const presence = { sql: `${value} IS ${segment.isKnown ? 'NOT NULL' : 'NULL'}`, values: [] }
  return allOf([...(cursorConditions(segment) ?? []), ...conditions, ...(nullable ? [presence] : [])])
}

/** What the cursors leave of a run, or null when that is nothing. */
function cursorConditions(segment: Segment): Fragment[] | null {
  const after = cursorCondition(segment, 'after')
  const before = cursorCondition(segment, 'before')
  return after === null || before === null ? null : [after, before].filter(condition => condition !== ALWAYS)
}

function cursorCondition({ walk, slice, isKnown }: Segment, side: 'after' | 'before'): Fragment | null {
  const { value, accountId, descending } = walk
  const position = slice[side]
  if (!position) return ALWAYS
  const operator = (side === 'after') !== descending ? '>' : '<'
  if (value === null) return beyond([accountId], operator, [position.accountId])
  const isAtKnown = position.value !== null
  if (isAtKnown !== isKnown) return isAtKnown === (side === 'after') ? ALWAYS : null
  if (position.value === null) return beyond([accountId], operator, [position.accountId])
  return beyond([value, accountId], operator, [position.value, position.accountId])
}
