import type { AccountPosition } from '../../../domain/account.ts'
import { ALWAYS, allOf, beyond, type Fragment, type Slice } from '../../keyset.ts'
import { ACCOUNT_COLUMNS, NOTHING } from './account-row.ts'
import type { AccountList } from './account-source.ts'

/** Reads a slice by looking at every account. To be run with the number of rows. */
export function scanStatement(list: AccountList, slice: Slice<AccountPosition>, columns = ACCOUNT_COLUMNS): Fragment {
  const where = allOf([...list.conditions, side(list, slice, 'after'), side(list, slice, 'before')])
  const order = slice.isAnyEnough ? '' : `ORDER BY ${orderOf(list, slice)}`
  const sql = `SELECT ${slice.isAnyEnough ? NOTHING : columns.sql} FROM ${list.from} WHERE ${where.sql} ${order} LIMIT ?`
  return { sql, values: where.values }
}

function orderOf({ value, accountId, descending }: AccountList, { reverse, after }: Slice<AccountPosition>): string {
  const direction = descending !== reverse ? 'DESC' : 'ASC'
  const id = `${accountId} ${direction}`
  // After an unknown value there are no others; to sort by it all the same takes four times as long.
  const isUnsorted = value === null || after?.value === null
  return isUnsorted ? id : `${value} ${direction} NULLS ${reverse ? 'FIRST' : 'LAST'}, ${id}`
}

/** The rows on one side of a position, the unknown being after all that are known. */
function side(list: AccountList, slice: Slice<AccountPosition>, which: 'after' | 'before'): Fragment {
  const { value, accountId, descending } = list
  const position = slice[which]
  if (!position) return ALWAYS
  const isAfter = which === 'after'
  const operator = isAfter !== descending ? '>' : '<'
  if (value === null) return beyond([accountId], operator, [position.accountId])
  if (position.value !== null) {
    const known = beyond([value, accountId], operator, [position.value, position.accountId])
    return isAfter ? { ...known, sql: `(${known.sql} OR ${value} IS NULL)` } : known
  }
  const unknown = beyond([accountId], operator, [position.accountId])
  const condition = isAfter ? `${value} IS NULL AND ${unknown.sql}` : `(${value} IS NOT NULL OR ${unknown.sql})`
  return { ...unknown, sql: condition }
}
