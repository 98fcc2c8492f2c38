import {
  type AccountFilter,
  type AccountOrder,
  type AccountPosition,
  type Category,
  positionOf,
  TRACKED_ABOVE,
} from '../../../domain/account.ts'
import type { GrowthCoverage, GrowthKind } from '../../../domain/growth.ts'
import { windowBefore } from '../../../domain/growth.ts'
import type { Page, PageRequest } from '../../../domain/page.ts'
import { type Between, paginate, type Slice } from '../../keyset.ts'
import { ACCOUNT_COLUMNS, AccountColumns, type AccountRow, growthColumn, SelectedAccount } from './account-row.ts'
import { scanStatement } from './account-scan.ts'
import { type AccountList, type AccountSource, accountSource, countStatement } from './account-source.ts'
import { pageStatement, readAlong, segmentsOf } from './account-walk.ts'
import { isEverything } from './index-walk.ts'
import type { Statements } from './statements.ts'

const ACCOUNT = `SELECT ${ACCOUNT_COLUMNS.sql} FROM account a WHERE a.account_id = ? AND a.subscriber_count > ${TRACKED_ABOVE}`

export function selectAccount(statements: Statements, accountId: string): SelectedAccount | null {
  const [row] = statements.lists<AccountRow>({ sql: ACCOUNT, values: [accountId] })
  return row ? new SelectedAccount(row) : null
}

export function selectAccounts(
  statements: Statements,
  filter: AccountFilter,
  order: AccountOrder,
  request: PageRequest<AccountPosition>,
): Page<SelectedAccount> {
  const source = accountSource(filter, order)
  const rowsOf = (slice: Slice<AccountPosition>) => readSlice(statements, source, slice)
  const read = (slice: Slice<AccountPosition>) => rowsOf(slice).map(row => new SelectedAccount(row))
  const exists = (between: Between<AccountPosition>) =>
    rowsOf({ ...between, reverse: false, limit: 1, isAnyEnough: true }).length > 0
  return statements.consistently(() =>
    paginate<SelectedAccount, AccountPosition>(read, row => positionOf(row, order), request, exists),
  )
}

function readSlice(statements: Statements, { walk, scan }: AccountSource, slice: Slice<AccountPosition>): AccountRow[] {
  return (walk && readAlong(statements, walk, slice)) ?? readScan(statements, scan, slice)
}

function readScan(statements: Statements, list: AccountList, slice: Slice<AccountPosition>): AccountRow[] {
  const { sql, values } = scanStatement(list, slice)
  return statements.lists<AccountRow>({ sql, values: [...values, slice.limit] })
}

const NO_LIMIT = -1

/**
 * The whole list, row by row. Of each account no other growth is known than that of `kind`: what is not read is three
 * quarters of the work.
 */
export function* eachAccount(statements: Statements, filter: AccountFilter, order: AccountOrder, kind: GrowthKind) {
  const { walk, scan } = accountSource(filter, order)
  const slice: Slice<AccountPosition> = { reverse: false, limit: NO_LIMIT }
  const columns = new AccountColumns([kind])
  const inTurn =
    walk?.rest.length === 0
      ? segmentsOf(walk, slice).map(segment => pageStatement(segment, columns))
      : [scanStatement(scan, slice, columns)]
  for (const { sql, values } of inTurn) {
    const rows = statements.iterateLists<AccountRow>({ sql, values: [...values, NO_LIMIT] })
    for (const row of rows) yield new SelectedAccount(row, columns)
  }
}

const EVERYTHING = 'SELECT account_count AS count FROM dataset'

export function countAccounts(statements: Statements, filter: AccountFilter): number {
  if (isEverything(filter)) return statements.get<{ count: number }>({ sql: EVERYTHING, values: [] })!.count
  return statements.get<{ count: number }>(countStatement(filter))!.count
}

const CATEGORIES = `
  SELECT c.name, count(*) AS accountCount FROM category c JOIN account_category k ON k.category = c.id
  GROUP BY c.id ORDER BY c.folded`

/** A category's folded form is its lower-case name, and SQLite orders text by code point. */
export function selectCategories(statements: Statements): Category[] {
  return statements.all<Category>({ sql: CATEGORIES, values: [] })
}

/** Told from the columns that growth itself is told from, so that the two never disagree. */
export function growthCoverage(statements: Statements, kind: GrowthKind): GrowthCoverage {
  return statements.consistently(() => {
    const asOf = statements.get<{ as_of: number | null }>({ sql: 'SELECT as_of FROM dataset', values: [] })!.as_of
    const opens = asOf === null ? 0 : windowBefore(asOf, kind.window)
    const baseline = `${growthColumn(kind)}_count`
    const sql = `
      SELECT count(*) FILTER (WHERE ${baseline} > 0) AS known,
        count(*) FILTER (WHERE measured_at < ?) AS noRecentMeasurement,
        count(*) FILTER (WHERE measured_at >= ? AND ${baseline} IS NULL) AS noBaseline,
        count(*) FILTER (WHERE ${baseline} = 0) AS zeroBaseline
      FROM account NOT INDEXED WHERE subscriber_count > ${TRACKED_ABOVE}`
    return statements.get<GrowthCoverage>({ sql, values: [opens, opens] })!
  })
}
