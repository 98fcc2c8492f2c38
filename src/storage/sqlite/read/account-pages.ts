import type { AccountPosition } from '../../../domain/account.ts'
import type { AccountCountPlan, AccountList, AccountListPlan, IndexWalk } from '../../account-list.ts'
import { ALWAYS, allOf, beyond, type Fragment, orderBy, type Slice } from '../../keyset.ts'
import { type AccountColumns, type AccountRow, ALL_ACCOUNT_COLUMNS } from './account-rows.ts'
import type { Statements } from './statements.ts'

/** SQLite is told which index to take: some of its own choices take ten times as long. */
function walkedTables({ index }: IndexWalk): string {
  if (index === 'account_category') return 'account_category k CROSS JOIN account a ON a.id = k.account'
  return `account a INDEXED BY ${index}`
}

const SCANNED_TABLE = 'account a NOT INDEXED'

function indexAlone(index: string): string {
  return index === 'account_category' ? 'account_category k' : `account a INDEXED BY ${index}`
}

/** Selects a constant when only the existence of a row is asked for: the index alone answers that. */
function selected(slice: Slice<AccountPosition>, columns: AccountColumns): string {
  return slice.existsOnly ? '1' : columns.sql
}

/** Reads a slice along an index, or by a scan where no index serves or a walk would read too many accounts. */
export function readSlice(
  statements: Statements,
  { walk, scan }: AccountListPlan,
  slice: Slice<AccountPosition>,
): AccountRow[] {
  return (walk && readAlong(statements, walk, slice)) ?? readScan(statements, scan, slice)
}

const NO_LIMIT = -1

/** The statements that return a whole list, to be run one after the other. */
export function wholeListStatements({ walk, scan }: AccountListPlan, columns: AccountColumns): Fragment[] {
  const slice: Slice<AccountPosition> = { reverse: false, limit: NO_LIMIT }
  const statements =
    walk?.rest.length === 0
      ? segmentsOf(walk, slice).map(segment => pageStatement(segment, columns))
      : [scanStatement(scan, slice, columns)]
  return statements.map(({ sql, values }) => ({ sql, values: [...values, NO_LIMIT] }))
}

/** Counts the entries of an index where one is enough, and reads every account otherwise. */
export function countStatement({ index, conditions }: AccountCountPlan): Fragment {
  const { sql, values } = allOf(conditions)
  const from = index === null ? SCANNED_TABLE : indexAlone(index)
  return { sql: `SELECT count(*) AS count FROM ${from} WHERE ${sql}`, values }
}

/**
 * How many accounts a walk reads before it is given up for a scan: first this many for each row that is missing, since
 * most filters match more than every fourth account, then as many as cost a tenth of a scan of 200,000 accounts.
 */
const NEAR_FOR_EACH = 4
const FAR = 4_000

/** @returns undefined when the filter matches so few accounts that a scan is faster */
function readAlong(statements: Statements, walk: IndexWalk, slice: Slice<AccountPosition>): AccountRow[] | undefined {
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
    return statements.arrays<AccountRow>({ sql, values: [...values, missing] })
  }
  if (segment.walk.rest.length === 0) return rowsOf(segment)
  for (const reach of [NEAR_FOR_EACH * missing, FAR]) {
    const end = endOfReach(statements, segment, reach)
    const found = rowsOf(end ? segmentTo(segment, end) : segment)
    if (!end || found.length === missing) return found
  }
  return undefined
}

/** A part of an index: the accounts whose value is known, or those whose value is unknown. */
export interface Segment {
  readonly walk: IndexWalk
  readonly slice: Slice<AccountPosition>
  readonly isKnown: boolean
}

/** The segments that a slice is read from, in turn until it is full. Unknown values come last, or first in reverse. */
export function segmentsOf(walk: IndexWalk, slice: Slice<AccountPosition>): Segment[] {
  const segments = (walk.nullable ? [true, false] : [true]).map(isKnown => ({ walk, slice, isKnown }))
  const inTurn = slice.reverse ? segments.reverse() : segments
  return inTurn.filter(segment => cursorConditions(segment) !== null)
}

/** Takes the limit as its last parameter. */
export function pageStatement(segment: Segment, columns = ALL_ACCOUNT_COLUMNS): Fragment {
  const { walk, slice } = segment
  const where = allOf([whereOf(segment), ...walk.rest])
  const sql = `SELECT ${selected(slice, columns)} FROM ${walkedTables(walk)} WHERE ${where.sql}
    ORDER BY ${orderOf(segment)} LIMIT ?`
  return { sql, values: where.values }
}

/**
 * Returns the position of the last account that a walk reads, if the segment goes on so far. Reads the index alone, and
 * takes the number of accounts as its last parameter.
 */
export function reachStatement(segment: Segment): Fragment {
  const { index, value, accountId } = segment.walk
  const where = whereOf(segment)
  const sql = `SELECT ${value ?? 'NULL'} AS value, ${accountId} AS accountId FROM ${indexAlone(index)}
    WHERE ${where.sql} ORDER BY ${orderOf(segment)} LIMIT 1 OFFSET ?`
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

/** The cursor comes before the filter's bounds, because SQLite seeks to the first. */
function whereOf(segment: Segment): Fragment {
  const { value, nullable, conditions } = segment.walk
  const presence = { sql: `${value} IS ${segment.isKnown ? 'NOT NULL' : 'NULL'}`, values: [] }
  return allOf([...(cursorConditions(segment) ?? []), ...conditions, ...(nullable ? [presence] : [])])
}

/** Null when the cursors leave nothing of a segment. */
function cursorConditions(segment: Segment): Fragment[] | null {
  const after = cursorCondition(segment, 'after')
  const before = cursorCondition(segment, 'before')
  return after === null || before === null ? null : [after, before].filter(condition => condition !== ALWAYS)
}

function cursorCondition({ walk, slice, isKnown }: Segment, side: 'after' | 'before'): Fragment | null {
  const position = slice[side]
  if (!position) return ALWAYS
  const { value, accountId } = walk
  const operator = operatorOf(walk, side)
  if (value === null) return beyond([accountId], operator, [position.accountId])
  const isAtKnown = position.value !== null
  if (isAtKnown !== isKnown) return isAtKnown === (side === 'after') ? ALWAYS : null
  if (position.value === null) return beyond([accountId], operator, [position.accountId])
  return beyond([value, accountId], operator, [position.value, position.accountId])
}

function operatorOf({ descending }: AccountList, side: 'after' | 'before'): '>' | '<' {
  return (side === 'after') !== descending ? '>' : '<'
}

function readScan(statements: Statements, list: AccountList, slice: Slice<AccountPosition>): AccountRow[] {
  const { sql, values } = scanStatement(list, slice)
  return statements.arrays<AccountRow>({ sql, values: [...values, slice.limit] })
}

/** Takes the limit as its last parameter. */
function scanStatement(list: AccountList, slice: Slice<AccountPosition>, columns = ALL_ACCOUNT_COLUMNS): Fragment {
  const where = allOf([...list.conditions, scanCondition(list, slice, 'after'), scanCondition(list, slice, 'before')])
  const order = slice.existsOnly ? '' : `ORDER BY ${scanOrder(list, slice)}`
  const sql = `SELECT ${selected(slice, columns)} FROM ${SCANNED_TABLE} WHERE ${where.sql} ${order} LIMIT ?`
  return { sql, values: where.values }
}

function scanOrder({ value, accountId, descending }: AccountList, { reverse, after }: Slice<AccountPosition>): string {
  const direction = descending !== reverse ? 'DESC' : 'ASC'
  const id = `${accountId} ${direction}`
  // Only unknown values follow an unknown value. To sort by them all the same takes four times as long.
  const isUnsorted = value === null || after?.value === null
  return isUnsorted ? id : `${value} ${direction} NULLS ${reverse ? 'FIRST' : 'LAST'}, ${id}`
}

/** The rows on one side of a position. Unknown values come after all known ones. */
function scanCondition(list: AccountList, slice: Slice<AccountPosition>, side: 'after' | 'before'): Fragment {
  const { value, accountId } = list
  const position = slice[side]
  if (!position) return ALWAYS
  const isAfter = side === 'after'
  const operator = operatorOf(list, side)
  if (value === null) return beyond([accountId], operator, [position.accountId])
  if (position.value !== null) {
    const known = beyond([value, accountId], operator, [position.value, position.accountId])
    return isAfter ? { ...known, sql: `(${known.sql} OR ${value} IS NULL)` } : known
  }
  const unknown = beyond([accountId], operator, [position.accountId])
  const condition = isAfter ? `${value} IS NULL AND ${unknown.sql}` : `(${value} IS NOT NULL OR ${unknown.sql})`
  return { ...unknown, sql: condition }
}
