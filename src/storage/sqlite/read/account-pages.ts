import type { AccountPosition } from '../../../domain/account.ts'
import type { AccountCountPlan, AccountListPlan, AccountWalk } from '../../account-list.ts'
import { ALWAYS, allOf, beyond, type Fragment, orderBy, type Slice } from '../../keyset.ts'
import { type AccountColumns, type AccountRow, ALL_ACCOUNT_COLUMNS } from './account-rows.ts'
import type { Statements } from './statements.ts'

/** Reads a slice along an index, or by a scan where no index serves or a walk would read too many accounts. */
export function readSlice(
  statements: Statements,
  { walk, scan }: AccountListPlan,
  slice: Slice<AccountPosition>,
): AccountRow[] {
  return (walk && readAlong(statements, walk, slice)) ?? readAlong(statements, scan, slice)!
}

const NO_LIMIT = -1

/** The statements that return a whole list, to be run one after the other. */
export function wholeListStatements({ walk, scan }: AccountListPlan, columns: AccountColumns): Fragment[] {
  const exact = walk?.rest.length === 0 ? walk : scan
  const segments = segmentsOf(exact, { reverse: false, limit: NO_LIMIT })
  return segments.map(segment => pageStatement(segment, NO_LIMIT, columns))
}

/** Counts the entries of an index where one is enough, and reads every account otherwise. */
export function countStatement({ index, conditions }: AccountCountPlan): Fragment {
  const { sql, values } = allOf(conditions)
  return { sql: `SELECT count(*) AS count FROM ${indexAlone(index)} WHERE ${sql}`, values }
}

/**
 * How many accounts a walk reads before it is given up for a scan: first this many for each row that is missing, since
 * most filters match more than every fourth account, then as many as cost a tenth of a scan of 200,000 accounts.
 */
const NEAR_FOR_EACH = 4
const FAR = 4_000

/** @returns undefined when the filter matches so few accounts that a scan is faster */
function readAlong(statements: Statements, walk: AccountWalk, slice: Slice<AccountPosition>): AccountRow[] | undefined {
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
  if (segment.walk.rest.length === 0) return statements.arrays<AccountRow>(pageStatement(segment, missing))
  for (const reach of [NEAR_FOR_EACH * missing, FAR]) {
    const end = statements.get<AccountPosition>(reachStatement(segment, reach))
    const near = end ? segmentTo(segment, end) : segment
    const found = statements.arrays<AccountRow>(pageStatement(near, missing))
    if (!end || found.length === missing) return found
  }
  return undefined
}

/** A part of a list that one statement reads. */
export interface Segment {
  readonly walk: AccountWalk
  readonly slice: Slice<AccountPosition>
  /** The accounts whose value is known, those whose value is unknown, or both. */
  readonly values: 'KNOWN' | 'UNKNOWN' | 'ANY'
}

/**
 * The segments that a slice is read from, in turn until it is full. Unknown values come last, or first in reverse. An
 * index is walked once for known and once for unknown values, while a scan sorts both.
 */
export function segmentsOf(walk: AccountWalk, slice: Slice<AccountPosition>): Segment[] {
  const parts = walk.index === null ? (['ANY'] as const) : (['KNOWN', 'UNKNOWN'] as const)
  const segments = (walk.nullable ? parts : (['KNOWN'] as const)).map(values => ({ walk, slice, values }))
  const inTurn = slice.reverse ? segments.reverse() : segments
  return inTurn.filter(segment => cursorConditions(segment) !== null)
}

export function pageStatement(segment: Segment, limit: number, columns = ALL_ACCOUNT_COLUMNS): Fragment {
  const { walk, slice } = segment
  const where = allOf([whereOf(segment), ...walk.rest])
  // To find out whether there is a row, the index alone is enough, in any order.
  const selected = slice.existsOnly ? '1' : columns.sql
  const order = slice.existsOnly && walk.index === null ? '' : `ORDER BY ${orderOf(segment)}`
  const sql = `SELECT ${selected} FROM ${tablesOf(walk)} WHERE ${where.sql} ${order} LIMIT ?`
  return { sql, values: [...where.values, limit] }
}

/** Returns the position of the account after the first `reach` of a segment, if there is one. Reads the index alone. */
export function reachStatement(segment: Segment, reach: number): Fragment {
  const { index, value, accountId } = segment.walk
  const where = whereOf(segment)
  const sql = `SELECT ${value ?? 'NULL'} AS value, ${accountId} AS accountId FROM ${indexAlone(index)}
    WHERE ${where.sql} ORDER BY ${orderOf(segment)} LIMIT 1 OFFSET ?`
  return { sql, values: [...where.values, reach] }
}

function tablesOf({ index }: AccountWalk): string {
  if (index === 'account_category') return 'account_category k CROSS JOIN account a ON a.id = k.account'
  return indexAlone(index)
}

/** Names the index to use: some of SQLite's own choices take ten times as long. */
function indexAlone(index: string | null): string {
  if (index === null) return 'account a NOT INDEXED'
  return index === 'account_category' ? 'account_category k' : `account a INDEXED BY ${index}`
}

function segmentTo(segment: Segment, end: AccountPosition): Segment {
  const { slice } = segment
  return { ...segment, slice: slice.reverse ? { ...slice, after: end } : { ...slice, before: end } }
}

function orderOf({ walk: { value, accountId, descending }, slice, values }: Segment): string {
  const isDescending = descending !== slice.reverse
  // Only unknown values follow an unknown value. To sort by them all the same takes four times as long.
  const isByIdAlone = value === null || values === 'UNKNOWN' || slice.after?.value === null
  if (isByIdAlone) return orderBy([accountId], isDescending)
  if (values === 'KNOWN') return orderBy([value, accountId], isDescending)
  const direction = `${isDescending ? 'DESC' : 'ASC'} NULLS ${slice.reverse ? 'FIRST' : 'LAST'}`
  return `${value} ${direction}, ${orderBy([accountId], isDescending)}`
}

/** The cursor comes before the filter's bounds, because SQLite seeks to the first. */
function whereOf(segment: Segment): Fragment {
  const { walk, values } = segment
  const presence = { sql: `${walk.value} IS ${values === 'KNOWN' ? 'NOT NULL' : 'NULL'}`, values: [] }
  const isPart = walk.nullable && values !== 'ANY'
  return allOf([...(cursorConditions(segment) ?? []), ...walk.conditions, ...(isPart ? [presence] : [])])
}

/** Null when the cursors leave nothing of a segment. */
function cursorConditions(segment: Segment): Fragment[] | null {
  const after = cursorCondition(segment, 'after')
  const before = cursorCondition(segment, 'before')
  return after === null || before === null ? null : [after, before].filter(condition => condition !== ALWAYS)
}

function cursorCondition({ walk, slice, values }: Segment, side: 'after' | 'before'): Fragment | null {
  const { value, accountId, descending } = walk
  const position = slice[side]
  if (!position) return ALWAYS
  const isAfter = side === 'after'
  const isAtKnown = position.value !== null
  const operator = isAfter !== descending ? '>' : '<'
  const within =
    value === null || position.value === null
      ? beyond([accountId], operator, [position.accountId])
      : beyond([value, accountId], operator, [position.value, position.accountId])
  if (value === null || values === (isAtKnown ? 'KNOWN' : 'UNKNOWN')) return within
  if (values !== 'ANY') return isAtKnown === isAfter ? ALWAYS : null
  if (isAtKnown) return isAfter ? { ...within, sql: `(${within.sql} OR ${value} IS NULL)` } : within
  return { ...within, sql: isAfter ? `${value} IS NULL AND ${within.sql}` : `(${value} IS NOT NULL OR ${within.sql})` }
}
