import { positionOf } from '../../../src/domain/account.ts'
import type { Reader } from '../../../src/domain/reader.ts'
import { asOracle } from './lists.ts'
import type { AskPage, Cursor } from './pages.ts'

/** Pages as storage gives them; a cursor is the position itself. */
export function readerPages(reader: Reader): AskPage {
  return async ({ filter, order, kind }, { after, before, ...size }) => {
    const request = { ...size, after: after?.position, before: before?.position }
    const { items, ...flags } = await reader.accounts(filter, order, request)
    return {
      accounts: items.map(account => asOracle(account, kind)),
      cursors: items.map(account => positionOf(account, order)).map((position): Cursor => ({ position, token: null })),
      totalCount: await reader.countAccounts(filter),
      ...flags,
    }
  }
}
