import { TRACKED_ABOVE } from '../../../domain/account.ts'
import type { Measurement, Point, TimeRange } from '../../../domain/measurement.ts'
import type { Page, PageRequest } from '../../../domain/page.ts'
import { allOf, type Fragment, paginate, type Slice } from '../../keyset.ts'
import { periodOf } from '../schema/tables.ts'
import type { Statements } from './statements.ts'

/*
 * An account's measurements are contiguous in each period. The few periods lead the join in order: one seek in each, and
 * the rows come in time order.
 */
const FROM = 'period p CROSS JOIN measurement m ON m.period = p.period'

const POINT = 'm.measured_at AS measuredAt, m.subscriber_count AS subscriberCount'

const COLUMNS = `${POINT}, (SELECT names FROM category_set WHERE id = m.category_set) AS names,
  (SELECT public_id FROM ingestion WHERE id = m.ingestion) AS ingestionId`

interface MeasurementRow extends Point {
  readonly names: string
  readonly ingestionId: string
}

export function selectMeasurements(
  statements: Statements,
  accountId: string,
  range: TimeRange,
  request: PageRequest<number>,
): Page<Measurement> {
  return statements.inTransaction(() => {
    const account = trackedKey(statements, accountId)
    if (account === undefined) return { items: [], hasNextPage: false, hasPreviousPage: false }
    const read = (slice: Slice<number>) => readSlice(statements, account, range, slice)
    const page = paginate<MeasurementRow, number>(read, row => row.measuredAt, request)
    return { ...page, items: page.items.map(row => measurement(accountId, row)) }
  })
}

function readSlice(statements: Statements, account: number, range: TimeRange, slice: Slice<number>): MeasurementRow[] {
  const where = within(account, range, slice)
  const direction = slice.reverse ? 'DESC' : 'ASC'
  const sql = `SELECT ${COLUMNS} FROM ${FROM} WHERE ${where.sql}
    ORDER BY p.period ${direction}, m.measured_at ${direction} LIMIT ?`
  return statements.all<MeasurementRow>({ sql, values: [...where.values, slice.limit] })
}

export function countMeasurements(statements: Statements, accountId: string, range: TimeRange): number {
  return statements.inTransaction(() => {
    const account = trackedKey(statements, accountId)
    if (account === undefined) return 0
    const { sql, values } = within(account, range, {})
    const count = { sql: `SELECT count(*) AS count FROM ${FROM} WHERE ${sql}`, values }
    return statements.get<{ count: number }>(count)!.count
  })
}

export function selectMeasurement(statements: Statements, accountId: string, measuredAt: number): Measurement | null {
  return statements.inTransaction(() => {
    const account = trackedKey(statements, accountId)
    if (account === undefined) return null
    const sql = `SELECT ${COLUMNS} FROM measurement m WHERE m.period = ? AND m.account = ? AND m.measured_at = ?`
    const row = statements.get<MeasurementRow>({ sql, values: [periodOf(measuredAt), account, measuredAt] })
    return row ? measurement(accountId, row) : null
  })
}

export function selectHistory(statements: Statements, accountId: string, range: TimeRange) {
  return statements.inTransaction(() => {
    const account = trackedKey(statements, accountId)
    if (account === undefined) return { points: [], before: null }
    const inRange = within(account, range, {})
    const points = statements.all<Point>({
      sql: `SELECT ${POINT} FROM ${FROM} WHERE ${inRange.sql} ORDER BY p.period, m.measured_at`,
      values: inRange.values,
    })
    return { points, before: range.from === undefined ? null : newestBefore(statements, account, range.from) }
  })
}

function newestBefore(statements: Statements, account: number, instant: number): Point | null {
  const { sql, values } = within(account, {}, { before: instant })
  const newest = `SELECT ${POINT} FROM ${FROM} WHERE ${sql} ORDER BY p.period DESC, m.measured_at DESC LIMIT 1`
  return statements.get<Point>({ sql: newest, values }) ?? null
}

function trackedKey(statements: Statements, accountId: string): number | undefined {
  const sql = `SELECT id FROM account WHERE account_id = ? AND subscriber_count > ${TRACKED_ABOVE}`
  return statements.get<{ id: number }>({ sql, values: [accountId] })?.id
}

/** Limits the periods as well, so that none is read in vain. */
function within(
  account: number,
  { from, to }: TimeRange,
  { after, before }: Pick<Slice<number>, 'after' | 'before'>,
): Fragment {
  const limits: [number | undefined, string][] = [
    [from, '>='],
    [to, '<'],
    [after, '>'],
    [before, '<'],
  ]
  return allOf([
    { sql: 'm.account = ?', values: [account] },
    ...limits.flatMap(([instant, operator]) => (instant === undefined ? [] : [limit(instant, operator)])),
  ])
}

function limit(instant: number, operator: string): Fragment {
  const ofPeriod = operator.startsWith('>') ? '>=' : '<='
  return { sql: `m.measured_at ${operator} ? AND p.period ${ofPeriod} ?`, values: [instant, periodOf(instant)] }
}

/** Object spread would take a tenth of the time of a page. */
function measurement(accountId: string, row: MeasurementRow): Measurement {
  const { measuredAt, subscriberCount, ingestionId } = row
  return { accountId, measuredAt, subscriberCount, categories: JSON.parse(row.names) as string[], ingestionId }
}
