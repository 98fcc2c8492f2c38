/** What a page must be, found by looking through the whole list: docs/rules.md, "Pages". */
import type { AccountOrder, AccountPosition } from '../../../src/domain/account.ts'
import type { OracleAccount } from '../../support/oracle/types.ts'
import { isByGrowth, type List } from './lists.ts'

/** A position in a list, and the cursor for it in the form of its source. */
export interface Cursor {
  readonly position: AccountPosition
  readonly token: unknown
}

export interface PageAsked {
  readonly size: number
  readonly fromEnd: boolean
  readonly after?: Cursor | undefined
  readonly before?: Cursor | undefined
}

export interface PageFound {
  readonly accounts: readonly OracleAccount[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  readonly totalCount: number
}

/** A source of pages of accounts: the reader, or the API. */
export type AskPage = (list: List, asked: PageAsked) => Promise<PageFound & { readonly cursors: readonly Cursor[] }>

export function placeOf(account: OracleAccount, order: AccountOrder): AccountPosition {
  const { accountId, subscriberCount, measuredAt, growth } = account
  if (order.field === 'SUBSCRIBER_COUNT') return { value: subscriberCount, accountId }
  if (order.field === 'MEASURED_AT') return { value: measuredAt, accountId }
  if (isByGrowth(order)) {
    return { value: order.field === 'GROWTH_PERCENT' ? growth.percent : growth.absolute, accountId }
  }
  return { value: null, accountId }
}

/** Whether `b` stands strictly after `a`; the unknown are last in both directions. */
export function isAfter(b: AccountPosition, a: AccountPosition, { direction }: AccountOrder): boolean {
  if (a.value !== null && b.value === null) return true
  if (a.value === null && b.value !== null) return false
  if (a.value !== b.value) return direction === 'ASC' ? b.value! > a.value! : b.value! < a.value!
  return direction === 'ASC' ? b.accountId > a.accountId : b.accountId < a.accountId
}

/** @param all the whole list */
export function expectedPage(all: readonly OracleAccount[], order: AccountOrder, asked: PageAsked): PageFound {
  const { size, fromEnd, after, before } = asked
  const isBeyond = (account: OracleAccount, cursor: Cursor) => isAfter(placeOf(account, order), cursor.position, order)
  const isShortOf = (account: OracleAccount, cursor: Cursor) => isAfter(cursor.position, placeOf(account, order), order)
  const between = all.filter(account => (!after || isBeyond(account, after)) && (!before || isShortOf(account, before)))
  const accounts = fromEnd ? between.slice(Math.max(0, between.length - size)) : between.slice(0, size)
  const totalCount = all.length
  if (accounts.length > 0) {
    const hasPreviousPage = all.indexOf(accounts[0]!) > 0
    return { accounts, totalCount, hasPreviousPage, hasNextPage: all.indexOf(accounts.at(-1)!) < totalCount - 1 }
  }
  const place = fromEnd ? (before ?? after) : (after ?? before)
  if (!place)
    return { accounts, totalCount, hasPreviousPage: fromEnd && totalCount > 0, hasNextPage: !fromEnd && totalCount > 0 }
  const hasPreviousPage = all.some(account => isShortOf(account, place))
  return { accounts, totalCount, hasPreviousPage, hasNextPage: all.some(account => isBeyond(account, place)) }
}
